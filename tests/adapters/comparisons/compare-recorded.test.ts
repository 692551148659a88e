import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { findOrLoadStrategy } from '../../../adapters/backtests/resolve-strategy.ts';
import { compareRecorded } from '../../../adapters/comparisons/compare-recorded.ts';
import { sliceCandles } from '../../../domain/market/candles.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();

/** Buys at every fifth call since its module was loaded, and knows only by a variable of that which call it is. */
const COUNTS = `let calls = 0;
export default { id: 'own', title: 'Own', params: [], prepare: () => (context) => {
  calls += 1;
  if (calls % 5 === 0) context.buy();
} };
`;

it('asks the strategy of the backtest as it was asked in the session: in a module that has seen nothing', async () => {
  const file = join(folder, 'counts.mjs');
  writeFileSync(file, COUNTS);
  const strategyHash = createHash('sha256').update(readFileSync(file)).digest('hex');
  const bench = new SessionBench({
    bars: 12,
    warmUp: 5,
    spec: { strategy: { file, params: {} } },
    record: { strategyHash, params: {} },
  });
  await bench.until(12);
  const { record } = bench;
  const { decisions, entries: journal } = bench.sessions;
  const lastBar = record.lastBar!;
  const end = bench.candles.time.indexOf(lastBar) + 1;
  const candles = [sliceCandles(bench.candles, 0, end)];
  const load = async () => (await findOrLoadStrategy({ file, params: {} }, new RunControl())).strategy;
  const comparison = await compareRecorded({ record, lastBar, journal, decisions, orders: [], candles }, load);
  // The fifth and the tenth of twelve bars.
  expect(decisions.filter(({ signals }) => signals.length > 0)).toHaveLength(2);
  expect(comparison.decisions).toMatchObject({ equal: 12, differences: [] });
});
