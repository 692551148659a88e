#!/usr/bin/env node
import { ensureOrExit } from './ensure.mjs';

await ensureOrExit();
process.argv.splice(2, 0, 'up');
await import('../dist/bin/main.js');
