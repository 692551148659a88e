import type { Constraint } from './constraint.ts';

/** A strategy's own say: whether it refuses its parameters. The answer depends on nothing but these. */
export interface Refusal {
  readonly refuses: (params: Record<string, number>) => boolean;
  /** Parameters that do not vary. */
  readonly fixed: Readonly<Record<string, number>>;
}

/** What takes combinations out of a space: constraints between its axes, and a strategy that refuses its parameters. */
export class Exclusion {
  readonly #names: readonly string[];
  readonly #refusal: Refusal | undefined;
  /** Constraints by the number of axes, from the first, whose values decide them. */
  readonly #byDepth: readonly (readonly Constraint[])[];
  /** Axes, from the first, among which lie all that the strategy was ever seen to ask for. */
  #asked = 0;

  constructor(names: readonly string[], constraints: readonly Constraint[], refusal: Refusal | undefined) {
    this.#names = names;
    this.#refusal = refusal;
    this.#byDepth = Array.from({ length: names.length + 1 }, (_, depth) =>
      constraints.filter(({ axes }) => Math.max(-1, ...axes) + 1 === depth),
    );
  }

  /** Whether constraints that the first `depth` values decide, and fewer do not, hold. */
  holdsAt(values: ArrayLike<number>, depth: number): boolean {
    const own = this.#byDepth[depth]!;
    for (let k = 0; k < own.length; k++) if (!own[k]!.holds(values)) return false;
    return true;
  }

  /** Whether any constraint needs more than the first `depth` values. */
  hasConstraintsBelow(depth: number): boolean {
    return this.#byDepth.some((own, at) => at > depth && own.length > 0);
  }

  get asksStrategy(): boolean {
    return this.#refusal !== undefined;
  }

  /** Whether the strategy refuses a combination, all of whose values are given. */
  refuses(values: ArrayLike<number>): boolean {
    return this.#refusal !== undefined && this.#refusal.refuses(this.#complete(this.#refusal, values));
  }

  /** Whether there is hope for an answer of `refusesBy`. */
  mayDecide(depth: number): boolean {
    return depth >= this.#asked;
  }

  /**
   * The same by the first `depth` values alone: `null` where the strategy wants to know more. It is watched which values it asks for, the
   * others being any: a function of its parameters that has not asked for a value gives the same answer whatever that is.
   */
  refusesBy(values: ArrayLike<number>, depth: number): boolean | null {
    if (this.#refusal === undefined) return false;
    let deepest = 0;
    const note = (name: PropertyKey): void => {
      deepest = Math.max(deepest, this.#names.indexOf(String(name)) + 1);
    };
    const watched = new Proxy(this.#complete(this.#refusal, values), {
      get: (target, name, receiver): unknown => {
        note(name);
        return Reflect.get(target, name, receiver);
      },
      // Copying all of them asks for all of them.
      ownKeys: (target) => {
        deepest = this.#names.length;
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor: (target, name) => {
        note(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    let isRefused: boolean;
    try {
      isRefused = this.#refusal.refuses(watched);
    } catch {
      // What is no plain object, or is no combination, may be more than it can take. If it throws by itself, it does so again.
      this.#asked = this.#names.length;
      return null;
    }
    this.#asked = Math.max(this.#asked, deepest);
    return deepest <= depth ? isRefused : null;
  }

  #complete({ fixed }: Refusal, values: ArrayLike<number>): Record<string, number> {
    const params = { ...fixed };
    for (let axis = 0; axis < this.#names.length; axis++) params[this.#names[axis]!] = values[axis]!;
    return params;
  }

  /** The values by name. */
  params(values: ArrayLike<number>): Record<string, number> {
    const params: Record<string, number> = {};
    for (let axis = 0; axis < this.#names.length; axis++) params[this.#names[axis]!] = values[axis]!;
    return params;
  }
}
