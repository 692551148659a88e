#!/usr/bin/env node
import { ensureOrExit } from '../scripts/ensure.mjs';

await ensureOrExit();
await import('../dist/bin/main.js');
