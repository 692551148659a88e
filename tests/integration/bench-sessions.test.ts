import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../bench/measurement.ts';
import { benchSessions } from '../../bench/sessions/bench-sessions.ts';
import type { SessionFigures } from '../../bench/sessions/measure-sessions.ts';
import { SESSIONS_DEFAULTS } from '../../bench/sessions/sessions-options.ts';

const SETUP_MS = 300_000;

describe('bench sessions', () => {
  let report: Report;
  let figures: SessionFigures;

  beforeAll(async () => {
    report = await benchSessions({
      ...SESSIONS_DEFAULTS,
      sessions: 4,
      trading: 2,
      markets: 2,
      timeframes: ['5s'],
      measuredMs: 15_000,
      warmUpMs: 0,
      bareMs: 0,
      say: () => undefined,
    });
    [figures] = report['sessions'] as [SessionFigures];
  }, SETUP_MS);

  it('accounts for every bar that was due: 4 sessions, one each 5 s, for 15 s', () => {
    expect(figures.barsDue).toBe(12);
    expect(figures.decisionMs!.count + figures.barsUndecided).toBe(12);
    expect(figures).toMatchObject({ decidedTwice: 0, unfinished: 0, ordersNotReceived: 0 });
  });

  it('decides no bar before its end, and none before its candle is stored', () => {
    expect(figures.decisionMs!.min).toBeGreaterThanOrEqual(0);
    expect(figures.storedMs!.min).toBeGreaterThanOrEqual(0);
    expect(figures.answeredMs!.min).toBeGreaterThanOrEqual(0);
    expect(report).toMatchObject({ median: figures.decisionMs!.p50, peer: null });
  });

  it("finds the exchange's closes and fills in the books of the sessions", () => {
    expect(report.parity).toMatchObject({ maxRelDiff: 0 });
    // 12 closes, and whatever has traded.
    expect(report.parity!.rows).toBeGreaterThanOrEqual(figures.decisionMs!.count);
    expect(report.parity).not.toHaveProperty('disagreement');
  });

  it('counts the events of a bar: at most workflow task 3 and activity 3, fewer where bars of some seconds are told together', () => {
    expect(figures.eventsPerBar!.min).toBeGreaterThan(0);
    expect(figures.eventsPerBar!.p50).toBeLessThanOrEqual(6);
  });
});
