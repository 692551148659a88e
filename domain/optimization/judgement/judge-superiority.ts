import { closesAt } from '../../market/closes-at.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { SuperiorityJudgement } from '../result.ts';
import { superiorAbility } from '../statistics/superior-ability.ts';
import { type Judged, judged, needs, unjudged } from './judgement.ts';

const LEAST_RETURNS = 20;
const DRAWS = 1_000;
const LEAST_DRAWS = 200;
/** Products of a bootstrap draw with a return, in all: some seconds of one thread. */
const MOST_WORK = 4e9;

export interface SuperiorityJudgements {
  readonly found: readonly SuperiorityJudgement[];
  /** By the benchmark that there is no test against. */
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Tests by Hansen's test whether the best of the trials beats holding the first symbol, and earning the risk-free rate, by more than the
 * search through them explains. Searches without a benchmark are tested against the risk-free rate alone.
 *
 * @param returns daily returns of the trials, a row each.
 * @param tried trials that there are.
 */
export function judgeSuperiority(
  prepared: PreparedOptimization,
  returns: Float64Array,
  tried: number,
): SuperiorityJudgements {
  const { input, returnEnds, riskFreePerPeriod } = prepared;
  const periods = returnEnds.length;
  const riskFree = new Float64Array(periods).fill(riskFreePerPeriod);
  const tests: [SuperiorityJudgement['benchmark'], Float64Array | null][] = [['zero', riskFree]];
  if (input.spec.backtest.benchmark !== null) tests.unshift(['buy-and-hold', heldReturns(prepared)]);
  // One for both tests: it may be hundreds of megabytes.
  const excess = new Float64Array(returns.length);
  const found: SuperiorityJudgement[] = [];
  const reasons: Record<string, string> = {};
  for (const [name, benchmark] of tests) {
    const judgement: Judged<SuperiorityJudgement> =
      benchmark === null
        ? unjudged(`${input.markets[0]!.symbol} has no bar before the search begins`)
        : testAgainst(name, benchmark, returns, excess, tried, input.spec.seed);
    if (judgement.value === null) reasons[name] = judgement.reason;
    else found.push(judgement.value);
  }
  return { found, reasons };
}

function testAgainst(
  name: SuperiorityJudgement['benchmark'],
  benchmark: Float64Array,
  returns: Float64Array,
  excess: Float64Array,
  tried: number,
  seed: number,
): Judged<SuperiorityJudgement> {
  const periods = benchmark.length;
  if (periods < LEAST_RETURNS) return needs(LEAST_RETURNS, 'daily return', periods);
  const trials = returns.length / periods;
  for (let k = 0, at = 0; k < trials; k++) {
    for (let t = 0; t < periods; t++, at++) excess[at] = returns[at]! - benchmark[t]!;
  }
  const draws = Math.max(LEAST_DRAWS, Math.min(DRAWS, Math.floor(MOST_WORK / returns.length)));
  const meanBlock = Math.max(1, Math.cbrt(periods));
  const { pValue, lower, upper, statistic } = superiorAbility({
    excess,
    trials,
    periods,
    meanBlock,
    draws,
    seed,
    studentised: 'each-draw',
  });
  return judged({ benchmark: name, pValue, lower, upper, statistic, trials, sampled: trials < tried, periods, draws });
}

/** Daily returns of holding the first symbol from the close of the first bar on. */
function heldReturns({ input, times, whole, returnEnds }: PreparedOptimization): Float64Array | null {
  const closes = closesAt(input.markets[0]!, times.subarray(whole.from, whole.to));
  if (closes === null) return null;
  let last = closes[0]!;
  return Float64Array.from(returnEnds, (bar) => {
    const close = closes[bar - whole.from]!;
    const r = close / last - 1;
    last = close;
    return r;
  });
}
