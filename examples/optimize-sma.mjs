// A search over both windows of a moving-average cross, judged: on synthetic bars, or your own with --data F.csv (--help tells more).
// It needs a running stack: npm start
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { barsFor, exampleOptions, folderFor, HELP } from './backtests/run-example.mjs';
import { ensureOrExit } from '../scripts/ensure.mjs';

const TRADEWIND = fileURLToPath(new URL('../bin/tradewind.mjs', import.meta.url));
const SPEC = new URL('optimize-sma.json', import.meta.url);

const options = exampleOptions();
if (options.help) process.stdout.write(HELP);
else await search();

async function search() {
  await ensureOrExit();
  const folder = await folderFor(options, 'optimize-sma');
  const spec = { ...JSON.parse(await readFile(SPEC, 'utf8')), data: await barsFor(options, folder) };
  const file = join(folder, 'spec.json');
  await writeFile(file, JSON.stringify(spec, null, 2));
  const args = [TRADEWIND, 'optimize', 'start', '--spec', file, '--wait'];
  process.exitCode = await new Promise((ended) => {
    spawn(process.execPath, args, { stdio: 'inherit' }).on('close', (code) => ended(code ?? 1));
  });
}
