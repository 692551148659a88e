// Starts a thread whose code is TypeScript source: in development and in tests. What is built needs none of this.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
