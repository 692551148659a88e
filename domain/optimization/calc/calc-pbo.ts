import type { FieldProblem } from '../../parameters/param-spec.ts';
import { backtestOverfitting } from '../statistics/backtest-overfitting.ts';
import { type Parsed, parseFields, readReturns } from './parsed.ts';

const BLOCKS = 16;
/** Each half of the time needs two returns to vary. */
const LEAST_RETURNS = 4;

export interface PboInput {
  /** Returns of each trial for the same periods. */
  readonly returns: readonly Float64Array[];
  /** Even. */
  readonly blocks: number;
  readonly withLogits: boolean;
}

export interface PboCalculation {
  readonly pbo: number;
  readonly trials: number;
  readonly periods: number;
  readonly blocks: number;
  readonly splits: number;
  readonly degradationSlope: number | null;
  readonly lossProbability: number;
  readonly logits?: readonly number[];
  readonly reasons: Readonly<Record<string, string>>;
}

/** Reads the input of `calc pbo`: `returns`, a list of returns for each trial; `blocks`, 16 by default; `logits`, whether to give them all. */
export function parsePboInput(document: unknown): Parsed<PboInput> {
  return parseFields(document, ['returns', 'blocks', 'logits'], (fields, problems) => {
    const blocks = fields.number(
      'blocks',
      { min: 2, max: 20, integer: true, meaning: 'an even number of parts of the time' },
      BLOCKS,
    );
    if (blocks % 2 === 1) fields.problem('blocks', 'give an even number: half of them is set against the other half');
    const least = Math.max(LEAST_RETURNS, blocks || 0);
    const returns = trialsOf(fields.value('returns'), least, problems);
    return { returns, blocks, withLogits: fields.flag('logits', false) };
  });
}

function trialsOf(value: unknown, least: number, problems: FieldProblem[]): readonly Float64Array[] {
  if (!Array.isArray(value) || value.length < 2) {
    const message =
      'give a list of at least two lists, the returns of each trial: overfitting is measured among trials';
    problems.push({
      field: 'returns',
      value: Array.isArray(value) ? `${value.length} trials` : (value ?? null),
      message,
    });
    return [];
  }
  const trials = value.map((each: unknown, k) => readReturns(each, `returns[${k}]`, least, problems));
  const periods = trials[0]!.length;
  trials.forEach((trial, k) => {
    if (trial.length === periods || trial.length === 0 || periods === 0) return;
    const message = `give ${periods} returns as for the first trial: all trials are of the same periods`;
    problems.push({ field: `returns[${k}]`, value: `${trial.length} values`, message });
  });
  return trials;
}

/** The probability of backtest overfitting among trials, with the Sharpe ratio as the measure. */
export function calcPbo({ returns, blocks, withLogits }: PboInput): PboCalculation {
  const periods = returns[0]!.length;
  const ends = Array.from({ length: blocks }, (_, b) => Math.floor(((b + 1) * periods) / blocks));
  const sums = new Float64Array(returns.length * blocks);
  const squares = new Float64Array(returns.length * blocks);
  returns.forEach((trial, k) => {
    for (let b = 0, t = 0; b < blocks; b++) {
      for (; t < ends[b]!; t++) {
        sums[k * blocks + b]! += trial[t]!;
        squares[k * blocks + b]! += trial[t]! ** 2;
      }
    }
  });
  const counts = ends.map((end, b) => end - (ends[b - 1] ?? 0));
  const found = backtestOverfitting({ trials: returns.length, blocks, sums, squares, counts });
  return {
    pbo: found.pbo,
    trials: returns.length,
    periods,
    blocks,
    splits: found.logits.length,
    degradationSlope: found.degradationSlope,
    lossProbability: found.lossProbability,
    ...(withLogits ? { logits: [...found.logits] } : {}),
    reasons:
      found.degradationSlope === null
        ? { degradationSlope: 'the best of each half has the same Sharpe ratio: there is no slope over it' }
        : {},
  };
}
