import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../terminal/home.ts';
import { createHome, homeLayout } from './home-layout.ts';
import { lockHolder } from './process-lock.ts';
import { runningStack, type StackRecord } from './stack-record.ts';

const POLL_MS = 200;

/** A start in the background that ended instead of becoming ready; what it said was shown. Carries its exit code. */
class DetachedStartFailed extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super('the stack did not start');
    this.name = 'DetachedStartFailed';
    this.exitCode = exitCode;
  }
}

/**
 * Starts the stack of `home` in a process of its own and resolves once it is ready, showing on stderr what that process says. Throws
 * with the process's exit code when it ends before.
 */
export async function runDetached(
  home: string,
  { venues: venuesFile, workers }: { readonly venues?: string; readonly workers?: number },
): Promise<StackRecord> {
  const layout = homeLayout(home);
  createHome(layout);
  const logFile = join(layout.logs, 'up.log');
  const log = openSync(logFile, 'w', 0o600);
  const options = [
    ...(venuesFile === undefined ? [] : ['--venues', venuesFile]),
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
  ];
  const entry = join(projectRoot(), 'bin', 'tradewind.mjs');
  const child = spawn(process.execPath, [entry, 'up', '--home', home, ...options], {
    detached: true,
    // Its box of addresses is ours to show.
    stdio: ['ignore', 'ignore', log],
  });
  closeSync(log);
  let exitCode: number | null = null;
  child.once('exit', (code) => (exitCode = code ?? 1));
  child.once('error', () => (exitCode = 1));
  const show = follow(logFile);
  for (;;) {
    await delay(POLL_MS);
    show();
    const record = lockHolder(layout.lock)?.pid === child.pid ? runningStack(layout) : null;
    if (record?.ready === true) {
      child.unref();
      return record;
    }
    if (exitCode !== null) {
      show();
      throw new DetachedStartFailed(exitCode);
    }
  }
}

/** Shows on stderr what has been added to a file since the last call. */
function follow(file: string): () => void {
  let shown = 0;
  return () => {
    if (statSync(file).size === shown) return;
    const content = readFileSync(file);
    process.stderr.write(content.subarray(shown));
    shown = content.length;
  };
}
