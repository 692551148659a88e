import { beforeAll, describe, expect, it } from '@jest/globals';
import { benchReplay, type ReplayReport } from '../../bench/replay/bench-replay.ts';

const SETUP_MS = 600_000;
const BARS = 150;

describe('sessions on replayed bars', () => {
  let report: ReplayReport;

  beforeAll(async () => {
    report = await benchReplay({
      bars: BARS,
      strategies: [
        // A stop as near as the bars are wide, so that it is hit, now and then in the bar of the entry itself.
        { id: 'ema-cross', params: { fast: 2, slow: 5, stopLoss: 0.002 } },
        // A target that rests at the venue as a limit.
        { id: 'bollinger-reversion', params: { period: 8, deviations: 1, takeProfit: 0.002 } },
      ],
      say: () => undefined,
    });
  }, SETUP_MS);

  it('make the trades of their backtests: bars, sizes, prices, reasons and profits', () => {
    expect(report.strategies.map(({ firstDifference }) => firstDifference)).toEqual([null, null]);
    expect(report.equal).toBe(true);
    for (const { trades, backtestTrades } of report.strategies) {
      expect(backtestTrades).toBe(trades);
      expect(trades).toBeGreaterThanOrEqual(5);
    }
  });

  it('decide at every bar what their backtests decide, and differ by nothing in money', () => {
    expect(report.bars).toBe(BARS);
    for (const { decisions, equalDecisions, difference } of report.strategies) {
      expect([decisions, equalDecisions]).toEqual([BARS, BARS]);
      expect(Number(difference)).toBeCloseTo(0, 8);
    }
  });
});
