import { beforeAll, describe, expect, it } from '@jest/globals';
import { benchReplay, type ReplayReport } from '../../bench/replay/bench-replay.ts';

const SETUP_MS = 600_000;
const BARS = 100;

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
        // Both, so near that one bar may reach either: the stop rests, and the session watches the target.
        { id: 'sma-cross', params: { fast: 2, slow: 5, stopLoss: 0.002, takeProfit: 0.002 } },
        // The same behind entries that wait as stop orders.
        { id: 'bracket-breakout', params: { period: 4, atrPeriod: 4, stopAtr: 0.5, targetAtr: 0.5, shorts: 0 } },
      ],
      say: () => undefined,
    });
  }, SETUP_MS);

  it('make the trades of their backtests: bars, sizes, prices, reasons and profits', () => {
    expect(report.strategies.map(({ firstDifference }) => firstDifference)).toEqual([null, null, null, null]);
    expect(report.equal).toBe(true);
    for (const { trades, backtestTrades } of report.strategies) {
      expect(backtestTrades).toBe(trades);
      expect(trades).toBeGreaterThanOrEqual(5);
    }
  });

  it('leave at a stop at the venue and at a target that they watch themselves', () => {
    for (const { exits } of report.strategies.slice(2)) {
      expect(exits['stop-loss']).toBeGreaterThanOrEqual(3);
      expect(exits['take-profit']).toBeGreaterThanOrEqual(3);
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
