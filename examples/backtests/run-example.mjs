import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureOrExit, root } from '../../scripts/ensure.mjs';

const TRADEWIND = fileURLToPath(new URL('../../bin/tradewind.mjs', import.meta.url));

export const HELP = `Runs a strategy over seeded synthetic bars, or over your own:

  --data F.csv        bars of your own: timestamp,open,high,low,close,volume; may be .gz
  --symbol S          what they are bars of (default: the file's name)
  --timeframe T       their length, for example 1m, 15m, 1h, 1d (default: 1h)
  --stamp open|close  what their timestamps are (default: open)
  --out FOLDER        where report.html and the other files go (default: .tradewind/examples/<strategy>, written over)
`;

const OPTIONS = {
  data: { type: 'string' },
  symbol: { type: 'string' },
  timeframe: { type: 'string', default: '1h' },
  stamp: { type: 'string', default: 'open' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/** A market that does not exist, as a file: three years of hours that trend, turn and rest. */
async function writeSyntheticBars(folder) {
  const { syntheticCandles } = await import('../../dist/domain/market/synthetic-candles.js');
  const { time, open, high, low, close, volume } = syntheticCandles({
    seed: 20_240_101,
    bars: 26_280,
    timeframe: '1h',
    volatility: 0.006,
  });
  const rows = Array.from(time, (at, i) =>
    [new Date(at).toISOString(), open[i], high[i], low[i], close[i], volume[i]].join(','),
  );
  const file = join(folder, 'synthetic.csv');
  await writeFile(file, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return { file, symbol: 'SYNTHETIC', timeframe: '1h', stamp: 'open' };
}

function ownBars({ data, symbol, timeframe, stamp }) {
  return { file: resolve(data), symbol: symbol ?? data.split(/[/\\.]/).at(-2) ?? 'DATA', timeframe, stamp };
}

/** The options of an example, as given on its command line. */
export function exampleOptions() {
  return parseArgs({ options: OPTIONS }).values;
}

/** The folder that an example writes to, made where it is missing: the one asked for, else one of its own beside what a stack keeps. */
export async function folderFor(options, name) {
  const home = process.env['TRADEWIND_HOME'] || join(root, '.tradewind');
  const folder = resolve(options.out ?? join(home, 'examples', name));
  await mkdir(folder, { recursive: true });
  return folder;
}

/** The bars that the options name, or synthetic ones written to `folder`: a source of a spec. */
export function barsFor(options, folder) {
  return options.data === undefined ? writeSyntheticBars(folder) : ownBars(options);
}

/**
 * Runs one strategy through `tradewind backtest run --local`, which needs no stack.
 *
 * @param strategy as in a backtest spec: `{ id, params }` or `{ file, params }`; `more` is the rest of the spec.
 */
export async function runExample(strategy, more = {}) {
  const values = exampleOptions();
  if (values.help) return void process.stdout.write(HELP);
  await ensureOrExit();
  const folder = await folderFor(values, strategy.id ?? basename(strategy.file, '.mjs'));
  const data = await barsFor(values, folder);
  const broker = { cash: 10_000, commission: 0.0005, slippageBps: 1 };
  const spec = join(folder, 'spec.json');
  await writeFile(spec, JSON.stringify({ data, strategy, broker, ...more }, null, 2));
  const args = [TRADEWIND, 'backtest', 'run', '--local', '--spec', spec, '--out', folder];
  const code = await new Promise((ended) => spawn(process.execPath, args, { stdio: 'inherit' }).on('close', ended));
  process.exitCode = code ?? 1;
  if (code === 0) process.stdout.write(`\nthe report: ${relative('', join(folder, 'report.html'))}\n`);
}
