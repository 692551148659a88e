import { beforeAll, describe, expect, it } from '@jest/globals';
import { benchExecutions } from '../../bench/executions/bench-executions.ts';
import { EXECUTIONS_DEFAULTS } from '../../bench/executions/executions-options.ts';
import type { LatenessFigures } from '../../bench/executions/measure-lateness.ts';
import type { Report } from '../../bench/measurement.ts';

const SETUP_MS = 300_000;

describe('bench executions', () => {
  let report: Report;
  let lateness: LatenessFigures;

  beforeAll(async () => {
    report = await benchExecutions({
      ...EXECUTIONS_DEFAULTS,
      executions: 4,
      sliceMs: 5_000,
      measuredMs: 10_000,
      warmUpMs: 1_000,
      bareMs: 5_000,
      only: ['lateness'],
      say: () => undefined,
    });
    lateness = report['lateness'] as LatenessFigures;
  }, SETUP_MS);

  it('accounts for every slice that was due: 4 executions, one each 5 s, for 10 s', () => {
    expect(lateness.slicesDue).toBe(8);
    expect((lateness.latenessMs?.count ?? 0) + lateness.withoutOrder).toBe(8);
    expect(lateness.unfinished).toBe(0);
  });

  it('sends no order before it is due', () => {
    expect(lateness.latenessMs!.min).toBeGreaterThanOrEqual(0);
    expect(report.median).toBe(lateness.latenessMs!.p50);
  });

  it('measures the same number of bare steps, before and after, as its peer', () => {
    // One step of each of 4 loops in 5 s.
    expect(lateness.bareBeforeMs.count).toBe(4);
    expect(lateness.bareAfterMs.count).toBe(4);
    expect(report.peer).toMatchObject({ median: (lateness.bareBeforeMs.p50 + lateness.bareAfterMs.p50) / 2 });
    expect(report.ratio).toBeCloseTo(report.peer!.median / report.median!, 12);
  });

  it('finds the same fills in the ledger of the exchange and in ours', () => {
    expect(report.parity).toEqual({ rows: 4, maxRelDiff: 0 });
  });

  it('counts the events of a slice: timer 2, workflow tasks 6, activity 3', () => {
    expect(lateness.eventsPerSlice).toBe(11);
  });
});
