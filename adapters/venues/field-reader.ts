/** Reads the fields of one JSON object, one check per call, with errors that name the field, its value and what is expected. */
export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #fail: (message: string) => Error;

  /**
   * @param where what the object is called in messages, e.g. `accounts.json: account 2`
   * @param fail makes the error that is thrown from a message
   */
  constructor(value: unknown, where: string, fail: (message: string) => Error) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw fail(`${where} is ${show(value)}; it must be an object`);
    }
    this.#fields = value as Record<string, unknown>;
    this.#where = where;
    this.#fail = fail;
  }

  /** Whether the field is absent or null. */
  isNull(name: string): boolean {
    return this.#fields[name] === undefined || this.#fields[name] === null;
  }

  /** The field as it is; absent becomes null. */
  raw(name: string): unknown {
    return this.#fields[name] ?? null;
  }

  /** A text that matches `pattern`; `expected` says in words what the pattern allows. */
  matching(name: string, pattern: RegExp, expected: string): string {
    const value = this.#fields[name];
    if (typeof value !== 'string' || !pattern.test(value)) throw this.#bad(name, expected);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#fields[name];
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw this.#bad(name, `one of ${allowed.map((each) => `"${each}"`).join(', ')}`);
    return found;
  }

  boolean(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value !== 'boolean') throw this.#bad(name, 'true or false');
    return value;
  }

  /** A finite number not below `least`. */
  number(name: string, least: number): number {
    const value = this.#fields[name];
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw this.#bad(name, `a number not below ${least}`);
    }
    return value;
  }

  /** Whole milliseconds between `least` and `most`. */
  duration(name: string, least: number, most: number): number {
    const value = this.#fields[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw this.#bad(name, `whole milliseconds from ${least} to ${most}`);
    }
    return value;
  }

  object(name: string): FieldReader {
    return new FieldReader(this.#fields[name], `${this.#where}: field "${name}"`, this.#fail);
  }

  #bad(name: string, expected: string): Error {
    return this.#fail(`${this.#where}: field "${name}" is ${show(this.#fields[name])}; it must be ${expected}`);
  }
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
