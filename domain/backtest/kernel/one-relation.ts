import { ABOVE, BELOW, type RelationRuns } from './relation-scan.ts';
import type { SignalProgram } from './signal-program.ts';
import { ROOT_BITS, type SignalRuns } from './signal-runs.ts';
import { LAST_STATE, SEEN_ABOVE, SEEN_BELOW } from './truth-list.ts';

/**
 * The short way for the many strategies that watch one pair of lines: straight from its runs. Answers `false`, having done nothing, for
 * all others.
 */
export function emitFromOneRelation(
  program: SignalProgram,
  memory: number,
  bitsOfDirection: number,
  runs: RelationRuns | undefined,
  to: number,
  signals: SignalRuns,
): boolean {
  if (program.relations.length !== 1 || runs === undefined) return false;
  const { steps, roots } = program;
  let [whileAbove, whileBelow, atRise, atFall] = [0, 0, 0, 0];
  for (let root = 0; root < 4; root++) {
    const step = roots[root]! < 0 ? undefined : steps[roots[root]!]!;
    const bit = ROOT_BITS[root]! & bitsOfDirection;
    if (step === undefined || bit === 0) continue;
    if (step.kind === 'above') whileAbove |= bit;
    else if (step.kind === 'below') whileBelow |= bit;
    else if (step.kind === 'crossed-above') atRise |= bit;
    else if (step.kind === 'crossed-below') atFall |= bit;
    else return false;
  }
  const { bars, bits } = signals;
  let seenBelow = (memory & SEEN_BELOW) !== 0;
  let seenAbove = (memory & SEEN_ABOVE) !== 0;
  let last = memory & LAST_STATE;
  let count = 0;
  for (let k = 0; k < runs.count; k++) {
    const bar = runs.bars[k]!;
    const state = runs.states[k]!;
    let held = 0;
    let pulse = 0;
    if (state === ABOVE) {
      held = whileAbove;
      if (last !== ABOVE && seenBelow) pulse = atRise;
      seenAbove = true;
    } else if (state === BELOW) {
      held = whileBelow;
      if (last !== BELOW && seenAbove) pulse = atFall;
      seenBelow = true;
    } else if (state === 0) {
      seenBelow = false;
      seenAbove = false;
    }
    last = state;
    bars[count] = bar;
    bits[count++] = held | pulse;
    // A pulse lasts one bar; the next run may begin right after it.
    const end = k + 1 < runs.count ? runs.bars[k + 1]! : to;
    if (pulse !== 0 && bar + 1 < end) {
      bars[count] = bar + 1;
      bits[count++] = held;
    }
  }
  signals.count = count;
  return true;
}
