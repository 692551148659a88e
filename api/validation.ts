import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import type { FieldProblem } from '../domain/parameters/param-spec.ts';
import { suggestion } from '../domain/parameters/closest-match.ts';
import { fieldsProblem } from './problems.ts';

interface PropertySchema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
}

const unescape = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** Path of an error as field names joined by dots; the empty text is the whole value. */
const fieldOf = (instancePath: string): string => instancePath.split('/').slice(1).map(unescape).join('.');

function valueAt(value: unknown, field: string): unknown {
  return field === ''
    ? value
    : field.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], value);
}

const characters = (count: number | bigint): string => `${count} character${Number(count) === 1 ? '' : 's'}`;

function messageOf(error: TLocalizedValidationError, schema: PropertySchema | undefined, value: unknown): string {
  const wanted = schema?.description ? `: ${schema.description}` : '';
  if (error.keyword === 'enum') {
    const allowed = error.params.allowedValues.map(String);
    return typeof value === 'string' ? `not known; ${suggestion(value, allowed)}` : `give one of ${allowed.join(', ')}`;
  }
  if (error.keyword === 'type') {
    if (schema?.type === 'string' && typeof value === 'number')
      return `give text in quotes, not a JSON number${wanted}`;
    const type = String(error.params.type);
    const kind = type === 'object' ? 'a JSON object' : `a value of type ${type}`;
    return `give ${kind}${wanted === `: ${kind}` ? '' : wanted}`;
  }
  if (error.keyword === 'minimum') return `give at least ${error.params.limit}${wanted}`;
  if (error.keyword === 'maximum') return `give at most ${error.params.limit}${wanted}`;
  if (error.keyword === 'minLength') return `give at least ${characters(error.params.limit)}${wanted}`;
  if (error.keyword === 'maxLength') return `give at most ${characters(error.params.limit)}${wanted}`;
  return `not usable${wanted || `: ${error.message}`}`;
}

/** "It is not null", and "none of these": beside what the other alternatives say they add nothing. */
function isSummary(error: TLocalizedValidationError): boolean {
  return error.keyword === 'anyOf' || (error.keyword === 'type' && error.params.type === 'null');
}

/**
 * The errors of one value as one problem per field: the field, its value and what to do, taken from the schema's own
 * `description`.
 */
function fieldProblems(
  schema: PropertySchema,
  value: unknown,
  errors: readonly TLocalizedValidationError[],
  part: string,
): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  const add = (field: string, given: unknown, message: string): void => {
    if (!problems.has(field)) problems.set(field, { field, value: given ?? null, message });
  };
  const known = Object.keys(schema.properties ?? {});
  for (const error of errors) {
    // Of a value that may be left out, what is wrong with what was given; that it is not absent says nothing.
    if (
      isSummary(error) &&
      errors.some((other) => !isSummary(other) && other.instancePath.startsWith(error.instancePath))
    )
      continue;
    const field = fieldOf(error.instancePath);
    if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) {
        const description = schema.properties?.[name]?.description;
        add(name, null, `missing${description ? `; give ${description}` : ''}`);
      }
    } else if (error.keyword === 'additionalProperties') {
      for (const name of error.params.additionalProperties) {
        const instead =
          known.length === 0 && schema.description ? `give ${schema.description}` : suggestion(name, known);
        add(name, valueAt(value, name), `no such field; ${instead}`);
      }
    } else if (error.keyword !== 'boolean') {
      add(
        field || part,
        valueAt(value, field),
        messageOf(error, field === '' ? schema : schema.properties?.[field], valueAt(value, field)),
      );
    }
  }
  return [...problems.values()];
}

/** Whole and decimal numbers as people write them in an address. */
const NUMBER = /^-?\d{1,16}(\.\d{1,16})?$/;

/** One value of an address as what its schema wants, where the text says exactly that; else as it is, to be refused. */
function converted(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value;
  if ((type === 'integer' || type === 'number') && NUMBER.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** Query, path and headers are text: numbers and booleans among them are read by the schema. */
function convertedFields(value: unknown, { properties = {} }: PropertySchema): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, converted(each, properties[name]?.type)]),
  );
}

/** Text that no database takes: a null character, or half a character. */
const UNUSABLE = /\0|\p{Surrogate}/u;
const EACH_UNUSABLE = new RegExp(UNUSABLE, 'gu');

/** Far beyond what any body of ours needs, and far from what a stack of calls bears. */
const DEEPEST = 100;

/** The field with the first value that is nested too deep or is a text that cannot be stored, names included; `null` when there is none. */
function unusablePart(value: unknown, field = '', depth = 0): FieldProblem | null {
  if (typeof value === 'string') {
    if (!UNUSABLE.test(value)) return null;
    const message = 'has a null character or half a character in it: give text that is Unicode, without U+0000';
    return { field, value: value.replaceAll(EACH_UNUSABLE, '\uFFFD'), message };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === DEEPEST) {
    // Named by where it begins: its whole path would be as long as it is deep.
    const message = `is nested too deep: use at most ${DEEPEST} levels of objects and arrays`;
    return { field: field.split('.', 1)[0]!, value, message };
  }
  for (const [name, each] of Object.entries(value)) {
    const inside = field === '' ? name : `${field}.${name}`;
    const found = unusablePart(name, field, depth) ?? unusablePart(each, inside, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Compiles a route's schemas so that nothing is coerced, dropped or defaulted in a body, and every wrong field is told.
 * Query and path are text, so their numbers are converted first; text that cannot be stored, and what is nested too deep, is refused
 * wherever it stands.
 */
export const strictValidatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const candidate = httpPart === 'body' ? value : convertedFields(value, schema as PropertySchema);
    const unusable = unusablePart(candidate);
    if (unusable !== null) {
      const part = httpPart ?? 'request';
      return { error: fieldsProblem('INVALID_FIELDS', [{ ...unusable, field: unusable.field || part }]) };
    }
    if (validator.Check(candidate)) return { value: candidate };
    const problems = fieldProblems(
      schema as PropertySchema,
      candidate,
      validator.Errors(candidate),
      httpPart ?? 'request',
    );
    return { error: fieldsProblem('INVALID_FIELDS', problems) };
  };
};
