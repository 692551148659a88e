import type { FieldProblem } from '../domain/parameters/param-spec.ts';
import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** A problem document after RFC 9457, with a stable `code` and the offending fields. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[];
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

const LONGEST_ECHO = 120;

/** A value as it may be repeated in an answer: long text is cut and nested values are named, so that an answer stays small. */
function echo(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST_ECHO ? `${value.slice(0, LONGEST_ECHO)}…` : value;
  if (Array.isArray(value)) return '(an array)';
  if (typeof value === 'object' && value !== null) return '(an object)';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value ?? null;
}

/** A refusal that the caller shall see. Thrown by routes; the error handler turns it into the answer. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[];

  constructor(code: ProblemCode, detail: string, errors: readonly FieldProblem[] = [], cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = errors;
  }

  get status(): number {
    return problemCodes[this.code].status;
  }

  document(): ProblemDocument {
    return {
      type: `urn:tradewind:problem:${this.code}`,
      title: problemCodes[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      errors: this.errors.map(({ field, value, message }) => ({ field, value: echo(value), message })),
    };
  }
}

/** A problem about several fields at once, its detail naming each. */
export function fieldsProblem(code: ProblemCode, errors: readonly FieldProblem[]): Problem {
  return new Problem(code, errors.map(({ field, message }) => `${field}: ${message}`).join('; '), errors);
}
