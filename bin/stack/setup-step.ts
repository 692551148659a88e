import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LogFile } from './log-file.ts';
import type { Launch } from './service.ts';

/** Runs one preparing program to its end with its output in the log. Throws with its last line when it fails. */
export async function runStep(name: string, launch: Launch, log: LogFile): Promise<void> {
  const child = spawn(launch.command, launch.args, { env: launch.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let lastLine = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.line(`${name}: ${line}`);
      lastLine = line.trim() || lastLine;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${name} failed: ${lastLine}`))));
  });
}
