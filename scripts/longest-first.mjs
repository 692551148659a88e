import { relative } from 'node:path';
import BaseSequencer from '@jest/test-sequencer';

/** Seconds that the longest files of `tests/` took on two cores; only their order counts. The others are shorter. */
export const LONGEST = {
  'chaos/mutants': 283,
  'workflows/session/year': 179,
  'integration/session-replay': 170,
  'integration/two-workers/venue-owner': 168,
  'chaos/product': 156,
  'integration/backtests': 114,
  'integration/janitor': 112,
  'integration/crash-points/venue-worker': 110,
  'integration/sessions/a-day-of-sessions': 108,
  'integration/bench-executions': 101,
  'integration/sessions/comparison': 93,
  'integration/optimizations': 86,
  'integration/crash-points/trading-worker': 80,
  'integration/two-workers/other-workers': 73,
  'integration/market-data/streams': 72,
  'integration/sessions': 64,
  'integration/api/fuzzing': 63,
  'integration/market-data/takeover': 61,
  'integration/crash-points/resting-order': 61,
  'integration/market-data/session-candles': 61,
  'integration/temporal-away': 56,
  'adapters/backtests/backtest-runner': 56,
  'integration/stack': 53,
  'integration/crash-points/resting-stop': 52,
  'integration/market-data/stack': 48,
  'workflows/execution/day': 46,
  'adapters/optimizations/optimization-runner': 45,
  'integration/bench-sessions': 42,
  'integration/market-data/download': 41,
  'integration/storage/conclude-work': 36,
  'bin/backtest/check': 22,
  'simulator/restart': 21,
  'simulator/recorded-replay': 20,
  'simulator/relay': 20,
  'e2e/optimization-report': 19,
  'e2e/pages': 18,
  'adapters/sessions/session-decider': 17,
  'api/optimization-refusals': 16,
  'workflows/execution/messages': 16,
  'bin/backtest/local': 15,
  'adapters/streams/venue-streams': 14,
  'api/events': 14,
  'e2e/report': 14,
  'contracts/engine-parity': 14,
  'simulator/candles/restart': 14,
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
