import { suggestion } from '../../parameters/closest-match.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';

export interface NumberRule {
  /** Smallest value that is allowed, or with `above` the largest that is not. */
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
  readonly integer?: boolean;
  /** What the number means, for messages. */
  readonly meaning: string;
}

function rangeOf({ min, above, max, below }: NumberRule): string {
  const low = min !== undefined ? `at least ${min}` : above !== undefined ? `above ${above}` : '';
  const high = max !== undefined ? `at most ${max}` : below !== undefined ? `below ${below}` : '';
  return [low, high].filter((part) => part !== '').join(' and ');
}

function fits(value: number, { min, above, max, below }: NumberRule): boolean {
  return (
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max) &&
    (below === undefined || value < below)
  );
}

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the fields of one JSON object. What cannot be used goes to the list of problems with its whole path, and a stand-in is
 * returned, so that reading goes on and everything wrong is told at once.
 */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: FieldProblem[];

  /** Names that are not among `known` are problems. */
  constructor(
    object: Readonly<Record<string, unknown>>,
    path: string,
    problems: FieldProblem[],
    known: readonly string[],
  ) {
    this.#object = object;
    this.#path = path;
    this.#problems = problems;
    for (const name of Object.keys(object)) {
      if (!known.includes(name)) this.problem(name, `no such field; ${suggestion(name, known)}`);
    }
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined;
  }

  value(name: string): unknown {
    return this.#object[name];
  }

  pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  problem(name: string, message: string): void {
    this.#problems.push({ field: this.pathOf(name), value: this.#object[name] ?? null, message });
  }

  /** A number within the rule; the fallback when absent, required without one. */
  number(name: string, rule: NumberRule, fallback?: number): number {
    const value = this.#object[name] ?? fallback;
    if (value === undefined) this.problem(name, `missing; give ${rule.meaning}`);
    else if (typeof value !== 'number' || !Number.isFinite(value)) this.problem(name, `give a number: ${rule.meaning}`);
    else if (rule.integer === true && !Number.isSafeInteger(value))
      this.problem(name, `give a whole number: ${rule.meaning}`);
    else if (!fits(value, rule)) this.problem(name, `give ${rule.meaning}, ${rangeOf(rule)}`);
    else return value;
    return Number.NaN;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#object[name] ?? fallback;
    if (typeof value === 'boolean') return value;
    this.problem(name, 'give true or false');
    return fallback;
  }

  text(name: string, meaning: string): string {
    const value = this.#object[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.problem(name, value === undefined ? `missing; give ${meaning}` : `give text: ${meaning}`);
    return '';
  }

  /** One of `choices`; the fallback when absent, required without one. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback?: Choice): Choice {
    const value = this.#object[name] ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    if (value === undefined) this.problem(name, `missing; give one of ${choices.join(', ')}`);
    else
      this.problem(
        name,
        typeof value === 'string' ? `not known; ${suggestion(value, choices)}` : `give one of ${choices.join(', ')}`,
      );
    return fallback ?? choices[0]!;
  }

  /** The nested object of that name, `null` when absent or no object (then with a problem). */
  object(name: string, known: readonly string[]): Fields | null {
    const value = this.#object[name];
    if (value === undefined) return null;
    if (isObject(value)) return new Fields(value, this.pathOf(name), this.#problems, known);
    this.problem(name, `give a JSON object with ${known.join(', ')}`);
    return null;
  }
}
