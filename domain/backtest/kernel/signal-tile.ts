import {
  ABOVE,
  allocateRuns,
  BELOW,
  EQUAL,
  keepRuns,
  type RelationRuns,
  scanColumns,
  scanLevel,
} from './relation-scan.ts';
import type { ColumnRef } from './column-store.ts';
import { emitFromOneRelation } from './one-relation.ts';
import type { Relation, SignalProgram, SignalStep } from './signal-program.ts';
import type { StreamedColumn } from './streamed-averages.ts';
import { mergeSignals, ROOT_BITS, type SignalRuns } from './signal-runs.ts';
import {
  allocateTruth,
  atCrosses,
  constantTruth,
  mergeTruth,
  rememberRuns,
  SEEN_ABOVE,
  SEEN_BELOW,
  type TruthList,
  whileState,
} from './truth-list.ts';

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
  /** Programs that read it. With several it has its own runs, found once for each tile. */
  users: number;
  runs: RelationRuns | null;
  /** First bar of the tile that it was followed to. */
  tile: number;
  /** What crosses remember before that tile, and after it. */
  before: number;
  after: number;
}

/** A program with its columns. */
export interface BoundProgram {
  readonly program: SignalProgram;
  readonly relations: readonly BoundRelation[];
}

/** Columns by their ids, whole or streamed. */
export type BoundColumns = ReadonlyMap<number, Float64Array | StreamedColumn>;

/**
 * Makes programs ready to be scanned from bar `from` on, as if they had been followed from bar 0; with streamed columns they have to be
 * followed, and `from` is 0.
 */
export function bindPrograms(
  programs: readonly SignalProgram[],
  columns: BoundColumns,
  from: number,
): readonly BoundProgram[] {
  const known = new Map<string, BoundRelation>();
  const sides = new Map<number, BoundSide>();
  return programs.map((program) => ({
    program,
    relations: program.relations.map((relation) => {
      let bound = known.get(relation.key);
      if (bound === undefined) {
        bound = bindRelation(relation, columns, sides, from);
        known.set(relation.key, bound);
      }
      bound.users += 1;
      return bound;
    }),
  }));
}

function bindRelation(
  relation: Relation,
  columns: BoundColumns,
  sides: Map<number, BoundSide>,
  from: number,
): BoundRelation {
  const a = bindSide(relation.a, columns, sides);
  const b = relation.b === null ? null : bindSide(relation.b, columns, sides);
  const after = memoryBefore(a, b, relation.level, from);
  return { a, b, level: relation.level, users: 0, runs: null, tile: -1, before: 0, after };
}

/** @param sides those bound so far, by column and shift. */
function bindSide({ id, shift }: ColumnRef, columns: BoundColumns, sides: Map<number, BoundSide>): BoundSide {
  const place = shift * MOST_COLUMNS + id;
  let side = sides.get(place);
  if (side === undefined) {
    const column = columns.get(id)!;
    side =
      column instanceof Float64Array
        ? { values: column, shift, stream: null }
        : { values: column.values, shift, stream: column };
    sides.set(place, side);
  }
  return side;
}

/** More than a store ever has. */
const MOST_COLUMNS = 2 ** 24;

const NEVER = allocateTruth(0);

/** Evaluates programs tile by tile. Its buffers serve all programs in turn. */
export class SignalScanner {
  readonly #tileBars: number;
  readonly #bitsOfDirection: number;
  readonly #runs: RelationRuns[] = [];
  /** The runs of the current program's relations. */
  readonly #found: RelationRuns[] = [];
  readonly #truths: TruthList[] = [];
  readonly #spare: TruthList;

  /** @param bitsOfDirection the bits that the broker's direction lets matter. */
  constructor(tileBars: number, bitsOfDirection: number) {
    this.#tileBars = tileBars;
    this.#bitsOfDirection = bitsOfDirection;
    this.#spare = allocateTruth(tileBars);
  }

  /** Signals on bars `from` to `to` (not included), at most a tile, which follow those of the call before. */
  scan({ program, relations }: BoundProgram, from: number, to: number, signals: SignalRuns): void {
    for (let r = 0; r < relations.length; r++) this.#found[r] = this.#follow(relations[r]!, r, from, to);
    const memory = relations[0]?.before ?? 0;
    if (emitFromOneRelation(program, memory, this.#bitsOfDirection, this.#found[0], to, signals)) return;
    const { steps } = program;
    for (let k = 0; k < steps.length; k++) {
      this.#evaluate(steps[k]!, relations, from, to, (this.#truths[k] ??= allocateTruth(this.#tileBars)));
    }
    this.#emit(program, from, signals);
  }

  /** The runs of a relation on a tile; a shared one keeps them for the programs to come. */
  #follow(relation: BoundRelation, place: number, from: number, to: number): RelationRuns {
    if (relation.tile === from && relation.runs !== null) return relation.runs;
    const runs = (this.#runs[place] ??= allocateRuns(this.#tileBars));
    scanRelation(relation, from, to, runs);
    relation.tile = from;
    relation.before = relation.after;
    relation.after = rememberRuns(runs, relation.before);
    if (relation.users === 1) return runs;
    relation.runs = keepRuns(runs, relation.runs);
    return relation.runs;
  }

  #evaluate(step: SignalStep, relations: readonly BoundRelation[], from: number, to: number, truth: TruthList): void {
    switch (step.kind) {
      case 'constant':
        constantTruth(step.value, from, truth);
        return;
      case 'above':
      case 'below':
        whileState(this.#found[step.relation]!, step.kind === 'above' ? ABOVE : BELOW, truth);
        return;
      case 'crossed-above':
      case 'crossed-below': {
        const memory = relations[step.relation]!.before;
        atCrosses(this.#found[step.relation]!, to, step.kind === 'crossed-above', memory, truth);
        return;
      }
      case 'all':
      case 'any':
        this.#combine(step.of, step.kind === 'all' ? 2 : 1, truth);
    }
  }

  #combine(of: readonly number[], need: 1 | 2, truth: TruthList): void {
    let result = this.#truths[of[0]!]!;
    for (let k = 1; k < of.length; k++) {
      const target = (of.length - 1 - k) % 2 === 0 ? truth : this.#spare;
      mergeTruth(result, this.#truths[of[k]!]!, need, target);
      result = target;
    }
  }

  /** Puts the lists of the four conditions together. */
  #emit({ roots }: SignalProgram, from: number, signals: SignalRuns): void {
    const truth = (root: number): TruthList => {
      const isWanted = roots[root]! >= 0 && (ROOT_BITS[root]! & this.#bitsOfDirection) !== 0;
      return isWanted ? this.#truths[roots[root]!]! : NEVER;
    };
    mergeSignals(truth(0), truth(1), truth(2), truth(3), from, signals);
  }
}

/** The memory of a relation before bar `from`, looked up in the columns. */
function memoryBefore(a: BoundSide, b: BoundSide | null, level: number, from: number): number {
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
