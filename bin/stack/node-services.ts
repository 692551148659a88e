import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Launch, Service } from './service.ts';

/** The folder of the compiled program, `dist`. */
const DIST = fileURLToPath(new URL('../../', import.meta.url));
const FOLLOW_PARENT = new URL('./follow-parent.js', import.meta.url).href;
const READY_WITHIN_MS: DurationMs = 60_000;

interface NodeProgram {
  readonly name: string;
  /** Path below `dist`. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stopWithinMs: DurationMs;
  /** Takes what the program says on its `tradewind:ready` line. */
  readonly announced?: (value: unknown) => void;
}

/** How to run one of our own programs with Node. Throws when the build has not made it. */
export function launchNode(entry: string, args: readonly string[], env: NodeJS.ProcessEnv): Launch {
  const file = join(DIST, entry);
  if (!existsSync(file)) throw new Error(`dist/${entry} is missing: run "npm run build"`);
  return { command: process.execPath, args: ['--import', FOLLOW_PARENT, file, ...args], env };
}

/** One of our own programs as a supervised service: it serves once it has written its `tradewind:ready` line. */
export function nodeService(program: NodeProgram): Service {
  return {
    name: program.name,
    launch: launchNode(program.entry, program.args ?? [], program.env),
    ready: async (running) => {
      // On a line of its own: an optional call that is not made would not wait for its argument either.
      const announced = await running.announced;
      program.announced?.(announced);
    },
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
    stopWithinMs: program.stopWithinMs,
  };
}
