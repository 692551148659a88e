import { compare, decimal, isDecimal, toText } from '../market/decimal.ts';

/**
 * One parameter of an algorithm, strategy or indicator, declared once: defaults, validation, the API's schema and the forms come from it.
 */
export interface ParamSpec {
  readonly name: string;
  readonly kind: 'integer' | 'number';
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** `null` makes the parameter required. */
  readonly default: number | null;
}

/** One parameter whose value is one of a few words. */
export interface ChoiceSpec {
  readonly name: string;
  readonly kind: 'choice';
  readonly title: string;
  readonly choices: readonly string[];
  /** `null` makes the parameter required. */
  readonly default: string | null;
}

/** One parameter that is an exact amount above zero, as decimal text. It may be left out: who needs it says so in its own check. */
export interface DecimalSpec {
  readonly name: string;
  readonly kind: 'decimal';
  readonly title: string;
}

/** Any parameter. */
export type AnyParamSpec = ParamSpec | ChoiceSpec | DecimalSpec;

/** Values of parameters by name, as `completeParams` gives them: every declared name is there. */
export type ParamsOf<Specs extends readonly ParamSpec[]> = { readonly [Name in Specs[number]['name']]: number };

/** A value that cannot be used, and what to do about it. */
export interface FieldProblem {
  readonly field: string;
  readonly value: unknown;
  readonly message: string;
}

/** The JSON Schema of one parameter. */
export function jsonSchemaOf(spec: AnyParamSpec): Record<string, unknown> {
  if (spec.kind === 'choice') {
    return {
      type: 'string',
      enum: [...spec.choices],
      description: spec.title,
      ...(spec.default === null ? {} : { default: spec.default }),
    };
  }
  if (spec.kind === 'decimal')
    return { type: 'string', pattern: String.raw`^\d{1,24}(\.\d{1,18})?$`, description: spec.title };
  return {
    type: spec.kind,
    minimum: spec.min,
    maximum: spec.max,
    description: spec.title,
    ...(spec.default === null ? {} : { default: spec.default }),
  };
}

function problemOf(spec: AnyParamSpec, value: unknown): FieldProblem | null {
  const problem = (message: string): FieldProblem => ({ field: spec.name, value: value ?? null, message });
  if (spec.kind === 'choice') {
    const known = typeof value === 'string' && spec.choices.includes(value);
    return known ? null : problem(`give one of ${spec.choices.join(', ')}: ${spec.title}`);
  }
  if (spec.kind === 'decimal') {
    const isAmount = isDecimal(value) && compare(value, '0') > 0;
    return isAmount ? null : problem(`give decimal text above 0 such as "12.5": ${spec.title}`);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return problem(`give a number: ${spec.title}`);
  if (spec.kind === 'integer' && !Number.isSafeInteger(value)) return problem('give a whole number');
  if (value < spec.min || value > spec.max) return problem(`give a value from ${spec.min} to ${spec.max}`);
  return null;
}

/** Completes `given` with defaults and checks every value; names that no spec declares are problems too. */
export function completeParams(
  specs: readonly ParamSpec[],
  given: Readonly<Record<string, unknown>>,
): { readonly params: Record<string, number>; readonly problems: readonly FieldProblem[] };
export function completeParams(
  specs: readonly AnyParamSpec[],
  given: Readonly<Record<string, unknown>>,
): { readonly params: Record<string, number | string>; readonly problems: readonly FieldProblem[] };
export function completeParams(
  specs: readonly AnyParamSpec[],
  given: Readonly<Record<string, unknown>>,
): { readonly params: Record<string, number | string>; readonly problems: readonly FieldProblem[] } {
  const params: Record<string, number | string> = {};
  const problems: FieldProblem[] = [];
  for (const spec of specs) {
    if (spec.kind === 'decimal' && given[spec.name] === undefined) continue;
    const value = given[spec.name] === undefined && spec.kind !== 'decimal' ? spec.default : given[spec.name];
    const problem = problemOf(spec, value);
    if (problem) problems.push(problem);
    else params[spec.name] = spec.kind === 'decimal' ? toText(decimal(value as string)) : (value as number | string);
  }
  const known = specs.map((spec) => spec.name);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      problems.push({ field: name, value: given[name], message: `unknown parameter; known: ${known.join(', ')}` });
    }
  }
  return { params, problems };
}
