import { describe, expect, it } from '@jest/globals';
import { NO_INTERVENTIONS } from '../../../bin/chaos/interventions.ts';
import type { ChaosResult } from '../../../bin/chaos/series.ts';
import type { SoakResult } from '../../../bin/chaos/soak.ts';
import { readableChaos, readableSoak } from '../../../bin/terminal/chaos-view.ts';

const spread = { count: 3, p50: 10, p95: 20, max: 30 };
// Every figure another one, so that none can stand for another.
const outcome = {
  seed: 7,
  seconds: 120,
  kills: 41,
  faults: 42,
  faultsMissed: 43,
  interventions: { ...NO_INTERVENTIONS, amend: 44 },
  executions: 45,
  statuses: { completed: 46, cancelled: 47 },
  duplicates: 51,
  lost: 52,
  doubleCounted: 53,
  inexact: 54,
  overfilled: 55,
  leftOpen: 56,
  ofNobody: 57,
  unfinished: 58,
  intrusions: 59,
  recoveryMs: spread,
  home: '/home/of/it',
};
const LINES = [
  /disturbances +41 kills, 42 faults of venues that struck, 43 that met nobody\n/,
  /interventions +44 amend, 0 pause/,
  /executions +45 \(46 completed, 47 cancelled\)\n/,
  /duplicate orders +51\n/,
  /lost fills +52\n/,
  /double-counted fills +53\n/,
  /books that differ +54\n/,
  /filled beyond order or schedule +55\n/,
  /orders left open +56\n/,
  /orders of nobody +57\n/,
  /unfinished executions +58\n/,
  /work of a process that did not own the account +59\n/,
];

const series: ChaosResult = {
  ...outcome,
  runs: 2,
  recoveryUnresolvedMs: spread,
  slowest: [],
  recoveryByTarget: {},
  upAgainMs: spread,
  upAgainByTarget: {},
  sessions: {
    count: 3,
    bars: 170,
    trades: 41,
    decisions: 171,
    unprotectedMs: { count: 9, p50: 301, p95: 402, max: 503 },
    unprotectedWithDownMs: { count: 9, p50: 302, p95: 4_402, max: 9_503 },
  },
  failures: [{ run: 1, seed: 7, kind: 'lost', executionId: 'e1', detail: 'a trade is missing' }],
};
const soaked: SoakResult = {
  ...outcome,
  memory: [],
  failures: [{ kind: 'lost', executionId: 'e1', detail: 'a trade is missing' }],
};

describe.each([
  ['a series', readableChaos(series), 'FAILED run 1 of seed 7: lost (e1): a trade is missing\n'],
  ['a soak', readableSoak(soaked), 'FAILED lost (e1): a trade is missing\n'],
])('%s', (_what, told, failure) => {
  it.each(LINES)('tells %s', (line) => {
    expect(told).toMatch(line);
  });

  it('tells what failed, and where to look', () => {
    expect(told).toContain(`${failure}its home: /home/of/it\n`);
  });
});

it('a series tells its runs, a soak its length', () => {
  expect(readableChaos(series)).toMatch(/runs +2 in 120 s, seed 7\n/);
  expect(readableChaos({ ...series, sessions: null })).not.toMatch(/sessions/);
  expect(readableChaos(series)).toMatch(/sessions +3: 170 bars, 171 decisions, 41 closed trades\n/);
  expect(readableChaos(series)).toMatch(
    /without a stop +9 times, p50 301 ms, p95 402 ms, max 503 ms while nothing was down; 9503 ms at most in all\n/,
  );
  expect(readableSoak(soaked)).toMatch(/length +2\.0 min, seed 7\n/);
});
