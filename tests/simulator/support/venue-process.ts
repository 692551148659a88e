import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../simulator/main.ts', import.meta.url));

/** The simulator as a process of its own. */
export interface VenueProcess {
  readonly rest: string;
  readonly admin: string;
  /** Everything that it has printed. */
  readonly lines: string[];
  /** SIGKILL, as a power cut would have it. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; gives the exit code. */
  readonly drain: () => Promise<number | null>;
}

/** Starts the simulator on one venue entry and waits until it says that it is ready. Rejects with its output when it ends before. */
export async function startVenueProcess(
  folder: string,
  entry: Readonly<Record<string, unknown>>,
): Promise<VenueProcess> {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ venues: [entry] }), { mode: 0o600 });
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ready = await readyLine(child, lines);
  const [venue] = (JSON.parse(ready) as { venues: readonly { rest: string; admin: string }[] }).venues;
  if (venue === undefined) throw new Error('the simulator is ready without a venue');
  const end = async (signal: NodeJS.Signals) => {
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };
  return {
    rest: venue.rest,
    admin: venue.admin,
    lines,
    kill: async () => {
      await end('SIGKILL');
    },
    drain: () => end('SIGTERM'),
  };
}

async function readyLine(child: ChildProcess, lines: string[]): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the simulator has no output to read');
  stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      const prefix = 'tradewind:ready ';
      if (line.startsWith(prefix)) resolve(line.slice(prefix.length));
    });
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}: ${lines.join('\n')}`)));
  });
}
