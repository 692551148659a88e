import type { ParamSpec } from '../../domain/parameters/param-spec.ts';
import { findStrategy } from '../../domain/strategies/registry.ts';

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Fields = Readonly<Record<string, unknown>>;

/** What is missing or wrong in what should be a strategy, one sentence each; none when it is one. */
export function shapeProblems(value: unknown): readonly string[] {
  if (!isRecord(value)) return [`it is ${kindOf(value)}: give an object with id, title, params and prepare`];
  return [
    ...idProblems(value.id),
    ...(isText(value.title) ? [] : [`title is ${kindOf(value.title)}: give what a reader shall see`]),
    ...paramsProblems(value.params),
    ...functionProblems(value, 'prepare', 'a function (lines, params) that returns what is asked at each bar'),
    ...optionalFunctionProblems(value, 'check', 'a function (params) that returns a list of problems, or leave it out'),
    ...optionalFunctionProblems(value, 'rules', 'a function (params) that returns rules, or leave it out'),
    ...risesProblems(value.warmUpRisesWith, value.params),
  ];
}

function idProblems(id: unknown): readonly string[] {
  if (!isText(id)) return [`id is ${kindOf(id)}: give a name such as "my-strategy"`];
  if (!KEBAB_CASE.test(id))
    return [`id is "${id}": give small letters, digits and single hyphens, such as "my-strategy"`];
  if (findStrategy(id) !== undefined)
    return [`id is "${id}", which one of the strategies here already has: give it another`];
  return [];
}

function paramsProblems(params: unknown): readonly string[] {
  if (!Array.isArray(params)) return [`params is ${kindOf(params)}: give a list, empty when there are none`];
  const names = params.map((spec: unknown) => (isRecord(spec) ? spec.name : undefined));
  return params.flatMap((spec: unknown, i) => {
    const problem = specProblem(spec);
    if (problem !== null) return [`params[${i}]: ${problem}`];
    return names.indexOf(names[i]) === i ? [] : [`params[${i}]: there is a second "${String(names[i])}"`];
  });
}

function specProblem(spec: unknown): string | null {
  if (!isRecord(spec)) return `it is ${kindOf(spec)}: give {name, kind, title, min, max, default}`;
  const { name, kind, title, min, max, default: standard } = spec as Partial<Record<keyof ParamSpec, unknown>>;
  if (!isText(name) || !/^[a-zA-Z]\w*$/.test(name))
    return `name is ${kindOf(name)}: give letters and digits, such as "fast"`;
  if (kind !== 'integer' && kind !== 'number')
    return `kind of "${name}" is ${kindOf(kind)}: give "integer" or "number"`;
  if (!isText(title)) return `title of "${name}" is ${kindOf(title)}: give what it means`;
  if (!isNumber(min) || !isNumber(max) || min > max)
    return `min and max of "${name}" have to be numbers, min not above max`;
  if (standard === null) return null;
  const isLegal = isNumber(standard) && standard >= min && standard <= max;
  if (!isLegal || (kind === 'integer' && !Number.isSafeInteger(standard))) {
    return `default of "${name}" is ${kindOf(standard)}: give ${kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}, or null to require it`;
  }
  return null;
}

function risesProblems(value: unknown, params: unknown): readonly string[] {
  if (value === undefined || value === 'all') return [];
  const names = Array.isArray(params) ? params.map((spec: unknown) => (isRecord(spec) ? spec.name : undefined)) : [];
  if (Array.isArray(value) && value.every((name: unknown) => names.includes(name))) return [];
  return [`warmUpRisesWith is ${kindOf(value)}: give 'all' or a list of names of its parameters, or leave it out`];
}

function functionProblems(value: Fields, name: string, wanted: string): readonly string[] {
  return typeof value[name] === 'function' ? [] : [`${name} is ${kindOf(value[name])}: give ${wanted}`];
}

function optionalFunctionProblems(value: Fields, name: string, wanted: string): readonly string[] {
  return value[name] === undefined ? [] : functionProblems(value, name, wanted);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'function' ? 'a function' : 'an object';
}
