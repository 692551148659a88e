import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../strategies/rules.ts';
import { ABOVE, allocateRuns, BELOW, EQUAL, type RelationRuns, scanColumns, scanLevel } from './relation-scan.ts';
import type { ColumnRef } from './column-store.ts';
import type { SignalProgram, SignalStep } from './signal-program.ts';
import type { StreamedColumn } from './streamed-averages.ts';
import {
  allocateTruth,
  atCrosses,
  constantTruth,
  LAST_STATE,
  mergeTruth,
  rememberRuns,
  SEEN_ABOVE,
  SEEN_BELOW,
  type TruthList,
  whileState,
} from './truth-list.ts';

/** What the conditions say on the bars of a tile, as runs: `bits[k]` (`ENTER_LONG | ...`) hold from `bars[k]` until the next begins. */
export interface SignalRuns {
  readonly bars: Int32Array;
  readonly bits: Uint8Array;
  count: number;
}

/** Room for the signals of a tile. */
export function allocateSignals(tileBars: number): SignalRuns {
  return { bars: new Int32Array(tileBars + 1), bits: new Uint8Array(tileBars + 1), count: 0 };
}

/** What a relation compares: bar i of the series lies at `values[i - shift]`, of a streamed one at `values[i - shift - origin]`. */
interface BoundSide {
  readonly values: Float64Array;
  readonly shift: number;
  readonly stream: StreamedColumn | null;
}

/** A relation with its columns; `b` is `null` where the other side is the constant `level`. */
interface BoundRelation {
  readonly a: BoundSide;
  readonly b: BoundSide | null;
  readonly level: number;
}

/** A program with its columns and what it has to remember from tile to tile. */
export interface BoundProgram {
  readonly program: SignalProgram;
  readonly relations: readonly BoundRelation[];
  /** One byte for each relation. */
  readonly memory: Uint8Array;
}

/** Columns by their ids, whole or streamed. */
export type BoundColumns = ReadonlyMap<number, Float64Array | StreamedColumn>;

/**
 * Makes a program ready to be scanned from bar `from` on, as if it had been followed from bar 0; with streamed columns it has to be
 * followed, and `from` is 0.
 */
export function bindProgram(program: SignalProgram, columns: BoundColumns, from: number): BoundProgram {
  const side = ({ id, shift }: ColumnRef): BoundSide => {
    const column = columns.get(id)!;
    return column instanceof Float64Array
      ? { values: column, shift, stream: null }
      : { values: column.values, shift, stream: column };
  };
  const relations = program.relations.map(({ a, b, level }) => ({ a: side(a), b: b === null ? null : side(b), level }));
  return { program, relations, memory: Uint8Array.from(relations, (relation) => memoryBefore(relation, from)) };
}

const ROOT_BITS = [ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT] as const;

/** Evaluates programs tile by tile. Its buffers serve all programs in turn; what a program has to remember, the caller keeps. */
export class SignalScanner {
  readonly #tileBars: number;
  readonly #bitsOfDirection: number;
  readonly #runs: RelationRuns[] = [];
  readonly #truths: TruthList[] = [];
  readonly #spare: TruthList;

  /** @param bitsOfDirection the bits that the broker's direction lets matter. */
  constructor(tileBars: number, bitsOfDirection: number) {
    this.#tileBars = tileBars;
    this.#bitsOfDirection = bitsOfDirection;
    this.#spare = allocateTruth(tileBars);
  }

  /** Signals on bars `from` to `to` (not included), at most a tile, which follow those of the call before. */
  scan({ program, relations, memory }: BoundProgram, from: number, to: number, signals: SignalRuns): void {
    for (let r = 0; r < relations.length; r++) {
      scanRelation(relations[r]!, from, to, (this.#runs[r] ??= allocateRuns(this.#tileBars)));
    }
    if (!emitFromOneRelation(program, this.#bitsOfDirection, this.#runs[0], memory, to, signals)) {
      const { steps } = program;
      for (let k = 0; k < steps.length; k++) {
        this.#evaluate(steps[k]!, memory, from, to, (this.#truths[k] ??= allocateTruth(this.#tileBars)));
      }
      this.#emit(program, from, signals);
    }
    for (let r = 0; r < relations.length; r++) memory[r] = rememberRuns(this.#runs[r]!, memory[r]!);
  }

  #evaluate(step: SignalStep, memory: Uint8Array, from: number, to: number, truth: TruthList): void {
    switch (step.kind) {
      case 'constant':
        constantTruth(step.value, from, truth);
        return;
      case 'above':
      case 'below':
        whileState(this.#runs[step.relation]!, step.kind === 'above' ? ABOVE : BELOW, truth);
        return;
      case 'crossed-above':
      case 'crossed-below': {
        const runs = this.#runs[step.relation]!;
        atCrosses(runs, to, step.kind === 'crossed-above', memory[step.relation]!, truth);
        return;
      }
      case 'all':
      case 'any':
        this.#combine(step.of, step.kind === 'all' ? 2 : 1, truth);
    }
  }

  /** Member by member, between `truth` and the spare list, such that the last result lies in `truth`. */
  #combine(of: readonly number[], need: 1 | 2, truth: TruthList): void {
    let result = this.#truths[of[0]!]!;
    for (let k = 1; k < of.length; k++) {
      const target = (of.length - 1 - k) % 2 === 0 ? truth : this.#spare;
      mergeTruth(result, this.#truths[of[k]!]!, need, target);
      result = target;
    }
  }

  /** Puts the lists of the four conditions together. */
  #emit(program: SignalProgram, from: number, signals: SignalRuns): void {
    const lists: TruthList[] = [];
    const masks: number[] = [];
    for (let root = 0; root < 4; root++) {
      const step = program.roots[root]!;
      const bit = ROOT_BITS[root]! & this.#bitsOfDirection;
      if (step < 0 || bit === 0) continue;
      const known = lists.indexOf(this.#truths[step]!);
      if (known >= 0) masks[known]! |= bit;
      else {
        lists.push(this.#truths[step]!);
        masks.push(bit);
      }
    }
    mergeSignals(lists, masks, from, signals);
  }
}

/** The memory of a relation before bar `from`, looked up in the columns. */
function memoryBefore({ a, b, level }: BoundRelation, from: number): number {
  let memory = 0;
  const first = Math.max(a.shift, b === null ? 0 : b.shift);
  for (let i = from - 1; i >= first && (memory & (SEEN_ABOVE | SEEN_BELOW)) !== (SEEN_ABOVE | SEEN_BELOW); i--) {
    const left = a.values[i - a.shift]!;
    const right = b === null ? level : b.values[i - b.shift]!;
    if (Number.isNaN(left) || Number.isNaN(right)) break;
    if (i === from - 1) memory |= left > right ? ABOVE : left < right ? BELOW : EQUAL;
    if (left > right) memory |= SEEN_ABOVE;
    else if (left < right) memory |= SEEN_BELOW;
  }
  return memory;
}

function scanRelation({ a, b, level }: BoundRelation, from: number, to: number, runs: RelationRuns): void {
  // Before the first bar of a shifted column there is nothing, as before the first value of an indicator.
  const first = Math.min(to, Math.max(from, a.shift, b === null ? 0 : b.shift));
  if (b === null) scanLevel(a.values, offsetOf(a), level, first, to, runs);
  else scanColumns(a.values, offsetOf(a), b.values, offsetOf(b), first, to, runs);
}

function offsetOf({ shift, stream }: BoundSide): number {
  return stream === null ? shift : shift + stream.origin;
}

/**
 * The short way for the many strategies that watch one pair of lines: straight from its runs. Answers `false`, having done nothing, for
 * all others.
 */
function emitFromOneRelation(
  { relations, steps, roots }: SignalProgram,
  bitsOfDirection: number,
  runs: RelationRuns | undefined,
  memory: Uint8Array,
  to: number,
  signals: SignalRuns,
): boolean {
  if (relations.length !== 1 || runs === undefined) return false;
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
  let seenBelow = (memory[0]! & SEEN_BELOW) !== 0;
  let seenAbove = (memory[0]! & SEEN_ABOVE) !== 0;
  let last = memory[0]! & LAST_STATE;
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

function mergeSignals(lists: readonly TruthList[], masks: readonly number[], from: number, signals: SignalRuns): void {
  const { bars, bits } = signals;
  const next = [0, 0, 0, 0];
  let held = 0;
  let count = 0;
  bars[count] = from;
  bits[count++] = 0;
  for (;;) {
    let bar = 0x7fffffff;
    for (let k = 0; k < lists.length; k++) {
      const list = lists[k]!;
      if (next[k]! < list.count && list.bars[next[k]!]! < bar) bar = list.bars[next[k]!]!;
    }
    if (bar === 0x7fffffff) break;
    for (let k = 0; k < lists.length; k++) {
      const list = lists[k]!;
      if (next[k]! < list.count && list.bars[next[k]!]! === bar) {
        held ^= masks[k]!;
        next[k]!++;
      }
    }
    if (bars[count - 1] === bar) bits[count - 1] = held;
    else {
      bars[count] = bar;
      bits[count++] = held;
    }
  }
  signals.count = count;
}
