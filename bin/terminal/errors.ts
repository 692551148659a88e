import { CommanderError } from 'commander';
import { visible } from './visible.ts';

/** A problem document after RFC 9457, as the API sends it; failures of the command line itself take the same form. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number | null;
  readonly detail: string;
  readonly code: string;
  readonly errors: readonly { readonly field: string; readonly value: unknown; readonly message: string }[];
}

/** The exit codes of the command line; they are a contract. */
export const EXIT = { internal: 1, badInput: 2, notFound: 3, conflict: 4, noStack: 5, jobFailed: 6 } as const;

function exitCodeOfStatus(status: number): number {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403 || status === 409) return EXIT.conflict;
  return status >= 400 && status < 500 ? EXIT.badInput : EXIT.internal;
}

/** The API refused: its own problem document, and the exit code that goes with its status. */
export class ApiRefusal extends Error {
  readonly document: ProblemDocument;
  readonly exitCode: number;
  constructor(status: number, document: ProblemDocument) {
    super(document.detail);
    this.name = 'ApiRefusal';
    this.document = document;
    this.exitCode = exitCodeOfStatus(status);
  }
}

/** The API is there, or was, but no answer came: what was asked for may have happened. */
export class NoAnswer extends Error {
  readonly exitCode = EXIT.internal;
  constructor(message: string) {
    super(message);
    this.name = 'NoAnswer';
  }
}

/** Fields of an input that cannot be used, all of them. */
export class UnusableInput extends Error {
  readonly exitCode = EXIT.badInput;
  readonly errors: ProblemDocument['errors'];
  constructor(errors: ProblemDocument['errors']) {
    super(errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; '));
    this.name = 'UnusableInput';
    this.errors = errors;
  }
}

/** The command did its part and has printed the outcome, which is not the one that was hoped for. */
export class JobFailed extends Error {
  readonly exitCode = EXIT.jobFailed;
}

const CODES: Readonly<Record<number, readonly [code: string, title: string]>> = {
  [EXIT.internal]: ['INTERNAL', 'The command failed'],
  [EXIT.badInput]: ['INVALID_INPUT', 'The input cannot be used'],
  [EXIT.notFound]: ['NOT_FOUND', 'There is no such thing'],
  [EXIT.conflict]: ['CONFLICT', 'Denied, or in conflict with what is there'],
  [EXIT.noStack]: ['NO_STACK', 'No stack answers'],
};

const NO_ANSWER = ['NO_ANSWER', 'The API did not answer'] as const;

/** The exit code of whatever a command threw: its own `exitCode`, or 1. What commander refuses is bad input. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return EXIT.badInput;
  const own = error instanceof Error && 'exitCode' in error ? error.exitCode : undefined;
  return typeof own === 'number' ? own : EXIT.internal;
}

/** Whatever a command threw, as a problem document. */
export function problemDocument(error: unknown): ProblemDocument {
  if (error instanceof ApiRefusal) return error.document;
  const [code, title] =
    error instanceof NoAnswer ? NO_ANSWER : (CODES[exitCodeOf(error)] ?? ['INTERNAL', 'The command failed']);
  return {
    type: `urn:tradewind:problem:${code}`,
    title,
    status: null,
    detail: error instanceof Error ? error.message.replace(/^error: /, '') : String(error),
    code,
    errors: error instanceof UnusableInput ? error.errors : [],
  };
}

/** A problem for people: one line for the whole, one for each field. */
export function readableProblem({ code, status, title, detail, errors }: ProblemDocument): string {
  const head = `${title} (${code}${status === null ? '' : `, ${status}`})`;
  const lines = errors.map(({ field, value, message }) => {
    const given = value === null || value === undefined ? '' : ` is ${JSON.stringify(value)}`;
    return visible(`  ${field === '' ? 'the input' : field}${given}: ${message}`);
  });
  // Where the detail is nothing but the fields in one line, it would only be said twice.
  const isRepeated = errors.length > 0 && errors.every(({ message }) => detail.includes(message));
  // What commander says has lines of its own.
  const told = detail.split('\n').map(visible).join('\n');
  return `${[head, ...(isRepeated ? [] : [`  ${told}`]), ...lines].join('\n')}\n`;
}

/** Whether asking again may help: nothing answers, or the API says that something behind it is away. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswer || exitCodeOf(error) === EXIT.noStack) return true;
  return error instanceof ApiRefusal && error.document.status === 503;
}
