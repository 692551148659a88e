import type { LineSpec } from '../../strategies/line-spec.ts';
import type { Condition, Operand, Rules } from '../../strategies/rules.ts';
import type { ColumnRef, ColumnStore } from './column-store.ts';

/** Two series that are compared, the second one perhaps a constant. */
export interface Relation {
  /** Equal for equal relations over one `ColumnStore`. */
  readonly key: string;
  readonly a: ColumnRef;
  readonly b: ColumnRef | null;
  /** The constant, where `b` is `null`. */
  readonly level: number;
}

/** One step of a program. Steps refer to relations and to earlier steps by their number. */
export type SignalStep =
  | { readonly kind: 'above' | 'below' | 'crossed-above' | 'crossed-below'; readonly relation: number }
  | { readonly kind: 'all' | 'any'; readonly of: readonly number[] }
  | { readonly kind: 'constant'; readonly value: boolean };

/**
 * The conditions of rules as a short list of steps: each relation and each condition once, however often the rules name it.
 * Combinations that differ in stops only have equal programs.
 */
export interface SignalProgram {
  /** Equal for equal programs over one `ColumnStore`. */
  readonly key: string;
  readonly relations: readonly Relation[];
  readonly steps: readonly SignalStep[];
  /** Step of `enterLong`, `exitLong`, `enterShort`, `exitShort`; -1 where there is none. */
  readonly roots: readonly [number, number, number, number];
  readonly columnIds: readonly number[];
  /** First bar at which all lines have values, as the strategy interface counts its warm-up. */
  readonly warmUp: number;
}

/** Compiles the conditions of rules. */
export function compileSignals(rules: Rules, store: ColumnStore): SignalProgram {
  const compiler = new Compiler(store);
  const roots = [rules.enterLong, rules.exitLong, rules.enterShort, rules.exitShort].map((condition) =>
    condition === undefined ? -1 : compiler.step(condition),
  ) as [number, number, number, number];
  return compiler.finish(roots);
}

class Compiler {
  readonly #store: ColumnStore;
  /** Lines met so far, by identity: rules name the same few objects again and again. */
  readonly #lines: LineSpec[] = [];
  readonly #refs: ColumnRef[] = [];
  readonly #relations: Relation[] = [];
  readonly #relationKeys: string[] = [];
  readonly #steps: SignalStep[] = [];
  readonly #stepKeys: string[] = [];
  #warmUp = 0;

  constructor(store: ColumnStore) {
    this.#store = store;
  }

  step(condition: Condition): number {
    switch (condition.kind) {
      case 'always':
        return this.#constant(true);
      case 'all':
      case 'any':
        return this.#combined(condition.kind, condition.of);
      case 'above':
      case 'crossed-above':
      case 'below':
      case 'crossed-below':
        return this.#compared(condition.kind, condition.a, condition.b);
    }
  }

  finish(roots: readonly [number, number, number, number]): SignalProgram {
    const columnIds: number[] = [];
    for (const { a, b } of this.#relations) {
      if (!columnIds.includes(a.id)) columnIds.push(a.id);
      if (b !== null && !columnIds.includes(b.id)) columnIds.push(b.id);
    }
    return {
      key: `${this.#relationKeys.join(' ')}|${this.#stepKeys.join(' ')}|${roots.join(' ')}`,
      relations: this.#relations,
      steps: this.#steps,
      roots,
      columnIds,
      warmUp: this.#warmUp,
    };
  }

  #combined(kind: 'all' | 'any', members: readonly Condition[]): number {
    const of = [...new Set(members.map((member) => this.step(member)))];
    if (of.length === 0) return this.#constant(kind === 'all');
    if (of.length === 1) return of[0]!;
    return this.#add({ kind, of }, `${kind}(${of.join(',')})`);
  }

  /** A constant on the left, or columns in the other order, turn the comparison round: so equal pairs are scanned once. */
  #compared(kind: 'above' | 'below' | 'crossed-above' | 'crossed-below', a: Operand, b: Operand): number {
    const [left, right] = [this.#operand(a), this.#operand(b)];
    // Nothing compares with NaN.
    if (Number.isNaN(left) || Number.isNaN(right)) return this.#constant(false);
    if (typeof left === 'number') {
      if (typeof right !== 'number') return this.#onRelation(MIRROR[kind], right, null, left);
      // Two constants never cross.
      return this.#constant((kind === 'above' && left > right) || (kind === 'below' && left < right));
    }
    if (typeof right === 'number') return this.#onRelation(kind, left, null, right);
    const inOrder = left.id < right.id || (left.id === right.id && left.shift <= right.shift);
    return inOrder
      ? this.#onRelation(kind, left, right, Number.NaN)
      : this.#onRelation(MIRROR[kind], right, left, Number.NaN);
  }

  #onRelation(kind: keyof typeof MIRROR, a: ColumnRef, b: ColumnRef | null, level: number): number {
    const key = `${a.id}[${a.shift}]:${b === null ? `#${level}` : `${b.id}[${b.shift}]`}`;
    let relation = this.#relationKeys.indexOf(key);
    if (relation < 0) {
      relation = this.#relations.push({ key, a, b, level }) - 1;
      this.#relationKeys.push(key);
    }
    return this.#add({ kind, relation }, `${kind}(${relation})`);
  }

  #operand(operand: Operand): ColumnRef | number {
    if (typeof operand === 'number') return operand;
    const known = this.#lines.indexOf(operand);
    if (known >= 0) return this.#refs[known]!;
    const ref = this.#store.ref(operand);
    this.#lines.push(operand);
    this.#refs.push(ref);
    this.#warmUp = Math.max(this.#warmUp, this.#store.warmUpOf(ref));
    return ref;
  }

  #constant(value: boolean): number {
    return this.#add({ kind: 'constant', value }, String(value));
  }

  #add(step: SignalStep, key: string): number {
    const known = this.#stepKeys.indexOf(key);
    if (known >= 0) return known;
    this.#stepKeys.push(key);
    return this.#steps.push(step) - 1;
  }
}

const MIRROR = {
  above: 'below',
  below: 'above',
  'crossed-above': 'crossed-below',
  'crossed-below': 'crossed-above',
} as const;
