import { relative } from 'node:path';
import BaseSequencer from '@jest/test-sequencer';

/** Seconds that the longest files of `tests/` took on two cores; only their order counts. The others are shorter. */
export const LONGEST = {
  'integration/sessions/a-day-of-sessions': 200,
  'integration/two-workers/venue-owner': 156,
  'integration/backtests': 126,
  'chaos/mutants': 230,
  'integration/sessions/comparison': 100,
  'integration/session-replay': 100,
  'integration/janitor': 98,
  'integration/bench-executions': 92,
  'integration/optimizations': 84,
  'integration/crash-points/venue-worker': 79,
  'integration/sessions': 70,
  'integration/bench-sessions': 65,
  'integration/market-data/session-candles': 65,
  'integration/market-data/streams': 65,
  'chaos/product': 63,
  'integration/two-workers/other-workers': 62,
  'adapters/backtests/backtest-runner': 62,
  'integration/crash-points/trading-worker': 51,
  'integration/crash-points/resting-order': 50,
  'integration/crash-points/resting-stop': 50,
  'adapters/optimizations/optimization-runner': 48,
  'e2e/pages': 45,
  'activities/session/crash-points': 45,
  'e2e/optimization-report': 40,
  'integration/market-data/download': 39,
  'integration/api/fuzzing': 35,
  'e2e/report': 35,
  'contracts/engine-parity': 30,
  'adapters/sessions/warm-books': 29,
  'bin/backtest/check': 25,
  'workflows/execution/day': 25,
  'bin/backtest/local': 18,
  'bin/client-commands': 16,
};

const nameOf = (test) =>
  relative(test.context.config.rootDir, test.path)
    .replace(/^tests\//, '')
    .replace(/\.test\.ts$/, '');

/**
 * Starts the longest files first, so that no worker is left alone with one at the end. Jest knows them by the run before, which a fresh checkout
 * has not had.
 */
export default class LongestFirst extends BaseSequencer {
  sort(tests) {
    const expectedMs = (test) =>
      this.hasFailed(test) ? Number.POSITIVE_INFINITY : (test.duration ?? 1000 * (LONGEST[nameOf(test)] ?? 0));
    // What is expected to take equally long stays in jest's order, which is by size.
    return super.sort(tests).toSorted((a, b) => expectedMs(b) - expectedMs(a) || 0);
  }
}
