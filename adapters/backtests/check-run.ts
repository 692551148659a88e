import { checkBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import { failure } from '../../domain/backtest/failure.ts';
import type { DataIdentity } from '../../domain/backtest/manifest.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { BacktestSpec } from '../../domain/backtest/spec/spec.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { BacktestCheck } from '../ports/backtest-store.ts';
import type { DatasetRecord } from '../ports/candle-store.ts';
import type { RunControl } from './control.ts';
import {
  findDatasets,
  pathOfSource,
  refuseMismatches,
  refuseOtherTimeframe,
  type StoredCandles,
} from './load-markets.ts';
import { identityOf, prepareRun, refuseMisfits, refuseOtherReplay, refuseUnknownInstruments } from './prepare-run.ts';
import { resolveStrategy } from './resolve-strategy.ts';
import { calendarOf } from './trading-year.ts';

/** Data sets above this size are checked by what is known of them: reading them would keep whoever asks waiting. */
const MOST_BARS_READ = 500_000;

/** Everything that can be said against a request before it runs. Throws `BacktestFailure`. */
export async function checkRun(
  request: BacktestRequest,
  store: StoredCandles | null,
  control: RunControl,
): Promise<BacktestCheck> {
  control.enter('reading');
  const records = await findDatasets(request.spec.data, store);
  const known = records.filter((record) => record !== null);
  const isLarge = known.some(({ rows }) => rows > MOST_BARS_READ);
  if (isLarge && known.length === records.length) return checkByFacts(request, known, control);
  const prepared = await prepareRun(request, store, control);
  checkBacktest(prepared.input);
  return { symbols: prepared.markets.map(({ identity }) => identity.symbol) };
}

async function checkByFacts(
  { spec, expected }: BacktestRequest,
  records: readonly DatasetRecord[],
  control: RunControl,
): Promise<BacktestCheck> {
  calendarOf(spec.calendar);
  const markets = records.map((record, i) => ({
    identity: expectedIdentity(record, spec.data[i]!.resample, pathOfSource(i, records.length)),
  }));
  refuseMismatches(markets);
  refuseUnknownInstruments(spec, markets);
  refuseRangeOutside(spec, records);
  control.enter('strategy');
  const resolved = await resolveStrategy(spec.strategy, control);
  refuseMisfits(spec, markets, resolved);
  // What bars come to that are yet to be made the run itself will see.
  if (spec.data.every(({ resample }) => resample === undefined)) {
    refuseOtherReplay(expected, identityOf(markets, resolved));
  }
  return { symbols: markets.map(({ identity }) => identity.symbol) };
}

/** What the bars of a source will be; of bars that are yet to be made the most that there can be, and no hash. */
function expectedIdentity(
  { symbol, timeframe, hash, rows, firstAt, lastAt }: DatasetRecord,
  resample: Timeframe | undefined,
  path: string,
): DataIdentity {
  if (resample === undefined || resample === timeframe) return { symbol, timeframe, hash, bars: rows };
  refuseOtherTimeframe(timeframe, resample, path);
  const span = Math.floor((lastAt - firstAt) / timeframeMs(resample)) + 2;
  return { symbol, timeframe: resample, hash: '', bars: Math.min(rows, span) };
}

function refuseRangeOutside({ from, to }: BacktestSpec, records: readonly DatasetRecord[]): void {
  const isOutside = ({ firstAt, lastAt }: DatasetRecord): boolean =>
    (from !== null && Date.parse(from) > lastAt) || (to !== null && Date.parse(to) <= firstAt);
  if (!records.every(isOutside)) return;
  const problems = records.map(({ symbol, firstAt, lastAt }) => ({
    field: from === null ? 'to' : 'from',
    value: from ?? to,
    message: `no bar of ${symbol} lies in the range; its bars open from ${new Date(firstAt).toISOString()} to ${new Date(lastAt).toISOString()}`,
  }));
  throw failure('EMPTY_RANGE', null, problems);
}
