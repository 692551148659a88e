import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { JobFailed } from '../terminal/errors.ts';
import { projectRoot } from '../terminal/home.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';

interface ReplayResult {
  readonly checked: number;
  readonly failed: readonly { readonly file: string; readonly error: string }[];
}

/** Adds `tradewind replay`: run recorded histories against the workflow code as it is now. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command('replay <files...>')
      .description('replay recorded workflow histories (JSON) against the present code; exit code 6 when one fails'),
    'nothing',
  ).action(async (files: readonly string[], _own, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>();
    const result = await replay(files);
    print(options, result, () => readable(result));
    if (result.failed.length > 0) throw new JobFailed('a history does not replay');
  });
}

/** In a process of its own: replaying loads the whole worker, which the command line has no other use for. */
async function replay(files: readonly string[]): Promise<ReplayResult> {
  const entry = join(projectRoot(), 'dist', 'workers', 'replay.js');
  const child = spawn(process.execPath, [entry, ...files.map((file) => resolve(file))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((done, fail) => child.once('exit', done).once('error', fail));
  const [code, output] = await Promise.all([ended, text(child.stdout)]);
  if (code !== 0) throw new Error(`the replay ended with exit code ${code}; what it said is above`);
  return JSON.parse(output) as ReplayResult;
}

function readable({ checked, failed }: ReplayResult): string {
  const lines = failed.map(({ file, error }) => `${file}: ${error}\n`);
  return `${checked} checked, ${failed.length} failed\n${lines.join('')}`;
}
