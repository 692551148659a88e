import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import { ordersBeyond, ordersStrategy } from '../../domain/backtest/orders-csv/orders-strategy.ts';
import { parseOrders } from '../../domain/backtest/orders-csv/parse-orders.ts';
import { strategyParams } from '../../domain/backtest/spec/parse-strategy.ts';
import { isOrdersText, type OrdersStrategy, type StrategyChoice } from '../../domain/backtest/spec/spec.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { findStrategy } from '../../domain/strategies/registry.ts';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { Strategy, StrategyParams } from '../../domain/strategies/strategy.ts';
import { sha256 } from '../candles/sha256.ts';
import { readWholeFile } from '../candles/whole-file.ts';
import { loadStrategy } from '../strategies/load-strategy.ts';
import type { RunControl } from './control.ts';
import { guardedStrategy, lineOf } from './guarded-strategy.ts';

/** A strategy ready to run. */
export interface ResolvedStrategy {
  readonly strategy: Strategy;
  readonly params: StrategyParams;
  /** SHA-256 of what the user gave, and of what that imports, hex; `null` for one of the registry. */
  readonly hash: string | null;
  /** The user's file and what it imports; none where it imports nothing. */
  readonly parts: readonly StrategyPart[];
  /** Whether all of that is still as it was loaded. */
  readonly isAsLoaded: () => Promise<boolean>;
  /** What is wrong with it for that many bars of data. */
  readonly misfits: (bars: number) => readonly FieldProblem[];
}

/** Some two million orders. */
const MAX_ORDERS_BYTES = 64 << 20;

/** Nothing is loaded from elsewhere. */
const BUILT_IN: Pick<ResolvedStrategy, 'parts' | 'isAsLoaded'> = { parts: [], isAsLoaded: async () => true };

const NO_MISFITS = (): readonly FieldProblem[] => [];

/**
 * Finds or loads the strategy of a spec and completes its parameters. Throws `BacktestFailure` for whatever is wrong with it. A file is
 * code of a user's: call this only where it may hang or break something.
 */
export async function resolveStrategy(choice: StrategyChoice, control: RunControl): Promise<ResolvedStrategy> {
  if ('orders' in choice) return fromOrders(choice);
  const problems: FieldProblem[] = [];
  const found = await findOrLoadStrategy(choice, control);
  const params = strategyParams(found.strategy, choice.params, problems);
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
  return { ...found, params, misfits: NO_MISFITS };
}

type Found = Pick<ResolvedStrategy, 'strategy' | 'hash' | 'parts' | 'isAsLoaded'>;

/** The same for a strategy whose parameters are not complete, or not one set of them. Throws for orders, which are no such strategy. */
export async function findOrLoadStrategy(choice: StrategyChoice, control: RunControl): Promise<Found> {
  if ('orders' in choice) throw new RangeError('orders have no parameters: give a strategy');
  return 'id' in choice ? named(choice.id) : fromFile(choice.file, control);
}

function named(id: string): Found {
  const strategy = findStrategy(id);
  if (strategy === undefined)
    throw failure('INVALID_SPEC', null, [{ field: 'strategy.id', value: id, message: 'no such strategy' }]);
  return { strategy, hash: null, ...BUILT_IN };
}

async function fromFile(file: string, control: RunControl): Promise<Found> {
  try {
    control.enter('loading');
    const strategy = await loadStrategy(file);
    control.enter('strategy');
    const { hash, parts, isAsLoaded } = strategy;
    return { strategy: guardedStrategy(strategy, file, control), hash, parts, isAsLoaded };
  } catch (error) {
    if (error instanceof BacktestFailure) throw error;
    const line = lineOf(error, file);
    const message = error instanceof Error ? error.message : String(error);
    const detail = `the strategy cannot be used${line === null ? '' : ` (${line})`}: ${message}`;
    const place = { symbol: null, bar: null, time: null, line };
    throw failure('INVALID_STRATEGY', detail, [{ field: 'strategy.file', value: file, message }], place);
  }
}

/** Orders decided elsewhere run as a strategy that gives them at their bars. */
async function fromOrders({ orders }: OrdersStrategy): Promise<ResolvedStrategy> {
  const text = isOrdersText(orders) ? orders : await contentOf(orders, 'strategy.orders');
  const parsed = parseOrders(text);
  if (!parsed.ok) {
    throw failure('INVALID_SPEC', null, parsed.problems.map(inSpec));
  }
  return {
    strategy: ordersStrategy(parsed.rows),
    params: {},
    hash: hashOf(text),
    ...BUILT_IN,
    misfits: (bars) => ordersBeyond(parsed.rows, bars).map(inSpec),
  };
}

/** `orders line 3, price` as a field of the spec. */
function inSpec(problem: FieldProblem): FieldProblem {
  return { ...problem, field: `strategy.${problem.field}` };
}

async function contentOf(path: string, field: string): Promise<string> {
  try {
    const content = await readWholeFile(path, { maxBytes: MAX_ORDERS_BYTES, instead: 'give fewer orders' });
    return content.toString('utf8');
  } catch (error) {
    const message = (error as Error).message;
    throw failure('INVALID_SPEC', null, [{ field, value: path, message }]);
  }
}

function hashOf(text: string): string {
  const hasher = sha256();
  hasher.update(text);
  return hasher.hex();
}
