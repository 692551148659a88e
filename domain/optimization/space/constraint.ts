import { suggestion } from '../../parameters/closest-match.ts';

/** What a combination has to fulfil. */
export interface Constraint {
  /** Whether a combination, given as its values in the order of the axes, does. */
  readonly holds: (values: ArrayLike<number>) => boolean;
  /** Axes whose values decide that. */
  readonly axes: readonly number[];
}

type Term = (values: ArrayLike<number>) => number;

/** Characters of a constraint: each parenthesis and each operation is a call within the one around it, and it is asked about every combination. */
const MOST_CHARACTERS = 1_000;

/** A constraint that cannot be read: what is wrong and where. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
}

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(<=|>=|==|!=|[-+*/()<>]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'sign';
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null)
      throw new ConstraintError(`"${text}" has "${text.slice(at).trim()[0]}", which means nothing here`);
    const [, number, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign! });
  }
  return tokens;
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Reads `sum (comparison) sum` by recursive descent; the usual precedence of arithmetic holds. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #names: readonly string[];
  readonly #axes = new Set<number>();
  #next = 0;

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#names = names;
  }

  read(): Constraint {
    const left = this.#sum();
    const sign = this.#take();
    const compare = sign?.kind === 'sign' ? COMPARISONS[sign.text] : undefined;
    if (compare === undefined) throw this.#problem('compare two sides with <, <=, >, >=, == or !=');
    const right = this.#sum();
    if (this.#next < this.#tokens.length) throw this.#problem(`nothing may follow after the right side`);
    return { holds: (values) => compare(left(values), right(values)), axes: [...this.#axes] };
  }

  #sum(): Term {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Term {
    return this.#chain(['*', '/'], () => this.#factor());
  }

  #chain(signs: readonly string[], part: () => Term): Term {
    let term = part();
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined || !signs.includes(token.text)) return term;
      this.#next += 1;
      const operate = OPERATIONS[token.text]!;
      const [left, right] = [term, part()];
      term = (values) => operate(left(values), right(values));
    }
  }

  #factor(): Term {
    const token = this.#take();
    if (token === undefined) throw this.#problem('a number or a parameter is missing at the end');
    if (token.kind === 'number') {
      const value = Number(token.text);
      return () => value;
    }
    if (token.kind === 'name') return this.#parameter(token.text);
    if (token.text === '-') {
      const negated = this.#factor();
      return (values) => -negated(values);
    }
    if (token.text !== '(') throw this.#problem(`"${token.text}" stands where a number or a parameter belongs`);
    const inner = this.#sum();
    if (this.#take()?.text !== ')') throw this.#problem('a ")" is missing');
    return inner;
  }

  #parameter(name: string): Term {
    const axis = this.#names.indexOf(name);
    if (axis < 0) throw this.#problem(`"${name}" is no parameter of the space; ${suggestion(name, this.#names)}`);
    this.#axes.add(axis);
    return (values) => values[axis]!;
  }

  #take(): Token | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    return token;
  }

  #problem(what: string): ConstraintError {
    return new ConstraintError(`"${this.#text}": ${what}`);
  }
}

/**
 * Compiles a constraint between parameters, e.g. `"fast < slow"` or `"slow - fast >= 5"`: two sums of numbers and parameters with
 * + - * / and parentheses, and one comparison, in at most 1,000 characters. Throws a `ConstraintError` that says what cannot be read.
 *
 * @param names the axes, in the order in which the values come.
 */
export function compileConstraint(text: string, names: readonly string[]): Constraint {
  if (text.length > MOST_CHARACTERS) {
    const size = `${text.length.toLocaleString('en-US')} characters, more than ${MOST_CHARACTERS.toLocaleString('en-US')}`;
    throw new ConstraintError(`"${text.slice(0, 40)}…" has ${size}: write it shorter, or as several`);
  }
  return new Reader(text, names).read();
}
