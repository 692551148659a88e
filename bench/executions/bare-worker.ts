import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { connect, createWorker, installRuntime, runWorker } from '../../workers/run-worker.ts';
import type { BareActivities } from './bare-loop.ts';

// A worker as ours are, with nothing to do but bare loops. Arguments: server address, namespace, task queue. One JSON line a step on stdout.
installRuntime('bare loops');
const [, , address = '', namespace = '', taskQueue = ''] = process.argv;
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./bare-loop.js', import.meta.url)),
  // What the bundler did is worth no lines among the figures.
  logger: { ...console, log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {} },
});
const connection = await connect(address);
const activities: BareActivities = {
  tick: (dueAt) => {
    const at = Date.now();
    process.stdout.write(`${JSON.stringify({ dueAt, at })}\n`);
    return Promise.resolve();
  },
};
const worker = await createWorker({ connection, namespace, taskQueue, workflowBundle: { code }, activities });
await runWorker(worker);
await connection.close();
