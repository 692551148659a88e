import { ABOVE, BELOW, type RelationRuns } from './relation-scan.ts';

/**
 * When a condition is true on the bars of a tile: it is false before `bars[0]`, true from there, false again from `bars[1]`, and so on,
 * each later than the one before.
 */
export interface TruthList {
  readonly bars: Int32Array;
  count: number;
}

/** Room for a condition on a tile of `tileBars` bars. */
export function allocateTruth(tileBars: number): TruthList {
  return { bars: new Int32Array(tileBars + 1), count: 0 };
}

/** True for all bars of the tile, or for none. */
export function constantTruth(value: boolean, from: number, truth: TruthList): void {
  truth.count = 0;
  if (value) truth.bars[truth.count++] = from;
}

/** True while the relation is `state`. */
export function whileState(runs: RelationRuns, state: number, truth: TruthList): void {
  const { bars } = truth;
  let count = 0;
  for (let k = 0; k < runs.count; k++) {
    // Neighbouring runs differ, so a run in this state is always followed by one that is not.
    if (runs.states[k] === state || (k > 0 && runs.states[k - 1] === state)) bars[count++] = runs.bars[k]!;
  }
  truth.count = count;
}

/** What a cross remembers of the bars before a tile: the last relation, and which sides were seen since a series was last NaN. */
export const LAST_STATE = 3;
export const SEEN_BELOW = 4;
export const SEEN_ABOVE = 8;

/** True on the single bars at which the relation turns to `ABOVE` (or `BELOW`) after the other side was seen. */
export function atCrosses(runs: RelationRuns, to: number, above: boolean, memory: number, truth: TruthList): void {
  const { bars } = truth;
  const target = above ? ABOVE : BELOW;
  const other = above ? BELOW : ABOVE;
  let armed = (memory & (above ? SEEN_BELOW : SEEN_ABOVE)) !== 0;
  let last = memory & LAST_STATE;
  let count = 0;
  for (let k = 0; k < runs.count; k++) {
    const state = runs.states[k]!;
    if (state === target && last !== target && armed) {
      const bar = runs.bars[k]!;
      bars[count++] = bar;
      if (bar + 1 < to) bars[count++] = bar + 1;
    } else if (state === other) armed = true;
    else if (state === 0) armed = false;
    last = state;
  }
  truth.count = count;
}

/** The memory after the runs of a tile. */
export function rememberRuns(runs: RelationRuns, memory: number): number {
  let seen = memory & (SEEN_BELOW | SEEN_ABOVE);
  for (let k = 0; k < runs.count; k++) {
    const state = runs.states[k]!;
    if (state === ABOVE) seen |= SEEN_ABOVE;
    else if (state === BELOW) seen |= SEEN_BELOW;
    else if (state === 0) seen = 0;
  }
  return runs.count === 0 ? memory : seen | runs.states[runs.count - 1]!;
}

/** Where both are true (`need` 2) or at least one is (`need` 1). */
export function mergeTruth(x: TruthList, y: TruthList, need: 1 | 2, truth: TruthList): void {
  const { bars } = truth;
  let [i, j, held, count] = [0, 0, 0, 0];
  let value = false;
  while (i < x.count || j < y.count) {
    const left = i < x.count ? x.bars[i]! : 0x7fffffff;
    const right = j < y.count ? y.bars[j]! : 0x7fffffff;
    const bar = left < right ? left : right;
    // An even place in a list is where it turns true.
    if (left === bar) held += (i++ & 1) === 0 ? 1 : -1;
    if (right === bar) held += (j++ & 1) === 0 ? 1 : -1;
    if (held >= need !== value) {
      value = !value;
      bars[count++] = bar;
    }
  }
  truth.count = count;
}
