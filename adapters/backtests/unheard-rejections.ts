import { setImmediate as nextTurn } from 'node:timers/promises';

import { type BacktestProblem, failure } from '../../domain/backtest/failure.ts';
import { lineOf, saidBy } from './guarded-strategy.ts';

const unheard: unknown[] = [];

/** Collects promises of this thread that are rejected and that nobody waits for, which would end it without a word of whose they were. */
export function collectRejections(): void {
  process.on('unhandledRejection', (reason) => unheard.push(reason));
}

/** What has been collected since the last call. Waits for a turn, since Node tells of rejections after synchronous work only. */
export async function takeRejections(): Promise<readonly unknown[]> {
  await nextTurn();
  return unheard.splice(0);
}

/** What is said of a promise of a user's strategy that was rejected, and that nothing in its file handles. */
export function rejectionProblem(reason: unknown, file: string): BacktestProblem {
  const line = lineOf(reason, file);
  const detail = `a promise of the strategy was rejected and nothing in it handles that${line === null ? '' : `, ${line}`}: ${saidBy(reason)}`;
  return failure('STRATEGY_FAILED', detail, [], { symbol: null, bar: null, time: null, line }).problem;
}
