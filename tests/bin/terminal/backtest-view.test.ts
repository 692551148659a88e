import { expect, it } from '@jest/globals';
import { progressText } from '../../../bin/terminal/backtest-view.ts';

const NOTHING = { barsDone: 0, bars: 0 };
const SOME = { barsDone: 12_288, bars: 45_031 };
const problem = (bar: number | null) => ({
  code: 'STRATEGY_FAILED' as const,
  detail: 'it threw',
  errors: [],
  place: { symbol: 'X', bar, time: null, line: null },
});

it.each([
  [{ status: 'queued', progress: NOTHING, problem: null }, 'waiting'],
  [{ status: 'running', progress: NOTHING, problem: null }, 'reading data'],
  [{ status: 'running', progress: SOME, problem: null }, '12,288 of 45,031 bars'],
  [{ status: 'completed', progress: { barsDone: 9, bars: 9 }, problem: null }, '9 of 9 bars'],
  [{ status: 'failed', progress: NOTHING, problem: problem(null) }, 'failed before its first bar'],
  [{ status: 'failed', progress: SOME, problem: problem(12_288) }, 'failed at bar 12,288, after 12,288 of 45,031 bars'],
  [{ status: 'failed', progress: SOME, problem: null }, 'failed after 12,288 of 45,031 bars'],
  [{ status: 'cancelled', progress: SOME, problem: null }, 'cancelled after 12,288 of 45,031 bars'],
] as const)('the progress of %j is "%s"', (view, text) => {
  expect(progressText(view)).toBe(text);
});
