import { suggestion } from '../../parameters/closest-match.ts';
import { completeParams, type FieldProblem } from '../../parameters/param-spec.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { Fields, isObject } from './fields.ts';
import type { StrategyChoice } from './spec.ts';

const MEANING = 'give {id, params}, {file} with the path of an .mjs file, or {orders} with a CSV';

/** Reads `strategy`. The parameters of a registry's strategy are completed and checked here, those of a file once it is loaded. */
export function parseStrategy(
  value: unknown,
  strategies: readonly Strategy[],
  problems: FieldProblem[],
): StrategyChoice {
  if (!isObject(value)) {
    problems.push({
      field: 'strategy',
      value: value ?? null,
      message: `${value === undefined ? 'missing; ' : ''}${MEANING}`,
    });
    return { orders: '' };
  }
  const kinds = ['id', 'file', 'orders'].filter((name) => value[name] !== undefined);
  if (kinds.length !== 1) {
    const message = kinds.length === 0 ? MEANING : `${kinds.join(' and ')} stand side by side; give one of them`;
    problems.push({ field: 'strategy', value, message });
    return { orders: '' };
  }
  if (kinds[0] === 'orders') {
    return {
      orders: new Fields(value, 'strategy', problems, ['orders']).text('orders', 'a CSV of orders, or its path'),
    };
  }
  const fields = new Fields(value, 'strategy', problems, [kinds[0]!, 'params']);
  const params = paramsOf(fields, problems);
  if (kinds[0] === 'file') {
    const file = fields.text('file', 'the path of an .mjs file');
    if (file !== '' && !/\.mjs$/i.test(file)) fields.problem('file', 'give a file whose name ends in .mjs');
    return { file, params };
  }
  return named(fields, params, strategies, problems);
}

function named(
  fields: Fields,
  given: Readonly<Record<string, number>>,
  strategies: readonly Strategy[],
  problems: FieldProblem[],
): StrategyChoice {
  const id = fields.text('id', 'the id of a strategy, such as "sma-cross"');
  const strategy = strategies.find((each) => each.id === id);
  if (strategy !== undefined) return { id, params: strategyParams(strategy, given, problems) };
  if (id !== '') {
    const known = strategies.map((each) => each.id);
    fields.problem('id', `no such strategy; ${suggestion(id, known)}`);
  }
  return { id, params: given };
}

/** Parameters of a strategy, complete and checked; problems are added to the list under `strategy.params`. */
export function strategyParams(
  strategy: Strategy,
  given: Readonly<Record<string, unknown>>,
  problems: FieldProblem[],
): Record<string, number> {
  const known = strategy.params.map((spec) => spec.name);
  const { params, problems: wrong } = completeParams(strategy.params, given);
  const own = wrong.map((problem) =>
    known.includes(problem.field)
      ? problem
      : { ...problem, message: `no such parameter of ${strategy.id}; ${suggestion(problem.field, known)}` },
  );
  const further = own.length === 0 ? (strategy.check?.(params) ?? []) : [];
  for (const problem of [...own, ...further]) problems.push({ ...problem, field: `strategy.params.${problem.field}` });
  return params;
}

function paramsOf(fields: Fields, problems: FieldProblem[]): Readonly<Record<string, number>> {
  const value = fields.value('params');
  if (value === undefined) return {};
  if (!isObject(value)) {
    fields.problem('params', 'give a JSON object of numbers by name');
    return {};
  }
  const params: Record<string, number> = {};
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'number' && Number.isFinite(each)) params[name] = each;
    else problems.push({ field: `strategy.params.${name}`, value: each, message: 'give a number' });
  }
  return params;
}
