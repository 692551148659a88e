import { equityParts, reportPart, tradeParts } from '../../../adapters/backtests/parts.ts';
import type { BacktestPart } from '../../../adapters/ports/backtest-store.ts';
import { manifestOf } from '../../../domain/backtest/manifest.ts';
import type { BacktestResult } from '../../../domain/backtest/result.ts';
import { parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import type { Trade } from '../../../domain/backtest/trade.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { sampleReport } from '../../helpers/sample-report.ts';
import { TRADE } from '../../domain/backtest/trades.ts';

/** A spec that the API accepts. */
export const GOOD_SPEC = {
  data: { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
  strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } },
} as const;

function spec() {
  const parsed = parseSpec(GOOD_SPEC, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.request.spec;
}

/** What a run of it might have given. */
export const RESULT: BacktestResult = {
  tradesHash: 'c'.repeat(64),
  manifest: manifestOf(spec(), {
    data: [{ symbol: 'X', timeframe: '1m', hash: 'd'.repeat(64), bars: 9 }],
    strategyHash: null,
    nodeMajor: 20,
  }),
  metrics: { totalReturn: 0.0125, sharpeRatio: null, maxDrawdown: 0.01, trades: 3 },
  reasons: { sharpeRatio: 'there is 1 return' },
  notes: ['3 closed trades are few'],
  symbols: ['X'],
  timeframe: '1m',
  firstBar: '1970-01-01T00:01:00.000Z',
  lastBar: '1970-01-01T00:02:00.000Z',
  bars: 2,
  warmUpBars: 1,
  closedTrades: 3,
  openTrades: 0,
  commission: 0.75,
  orders: { submitted: 6, filled: 6, cancelled: 0, refused: 0 },
  refusals: [],
  ruined: false,
  analysis: { years: [], breakdowns: [], intervals: [], monteCarlo: [], reasons: {} },
};

const TRADES: readonly Trade[] = [1, 2, 3].map((size) => ({ ...TRADE, size }));

export const PARTS: readonly BacktestPart[] = [
  ...tradeParts(TRADES),
  ...equityParts({ times: Float64Array.of(60_000, 120_000), equity: Float64Array.of(10_000, 10_125) }),
  reportPart(sampleReport(1)),
];
