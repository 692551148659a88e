import type { ParamSpec } from '../parameters/param-spec.ts';
import type { Condition, ProtectiveStops, Rules } from './rules.ts';
import type { OrderRequest } from './strategy.ts';

/** Parameters that every rule strategy has: exits that watch the price, 0 for none, and whether it sells short. */
export const COMMON_PARAMS = [
  { name: 'shorts', kind: 'integer', title: 'Sells short as well: 0 no, 1 yes', min: 0, max: 1, default: 0 },
  { name: 'stopLoss', kind: 'number', title: 'Stop loss, share of the price; 0 = none', min: 0, max: 0.99, default: 0 },
  {
    name: 'takeProfit',
    kind: 'number',
    title: 'Take profit, share of the price; 0 = none',
    min: 0,
    max: 100,
    default: 0,
  },
  {
    name: 'trailingStop',
    kind: 'number',
    title: 'Trailing stop, share of the price; 0 = none',
    min: 0,
    max: 0.99,
    default: 0,
  },
  {
    name: 'maxBars',
    kind: 'integer',
    title: 'Longest time in a trade, in bars; 0 = any',
    min: 0,
    max: 1_000_000,
    default: 0,
  },
] as const satisfies readonly ParamSpec[];

export type CommonParams = { readonly [Name in (typeof COMMON_PARAMS)[number]['name']]: number };

export interface SidedConditions {
  readonly enterLong: Condition;
  readonly exitLong?: Condition;
  readonly enterShort?: Condition;
  readonly exitShort?: Condition;
}

/** The rules of a strategy with the common parameters: without its short side unless `shorts`, with the exits that are not 0. */
export function rulesWith(params: CommonParams, conditions: SidedConditions): Rules {
  const { enterShort: _, exitShort: __, ...long } = conditions;
  const stops = stopsOf(params);
  return { ...(params.shorts === 1 ? conditions : long), ...(stops === null ? {} : { stops }) };
}

function stopsOf({ stopLoss, takeProfit, trailingStop, maxBars }: CommonParams): ProtectiveStops | null {
  const stops = {
    ...(stopLoss > 0 ? { stopLoss } : {}),
    ...(takeProfit > 0 ? { takeProfit } : {}),
    ...(trailingStop > 0 ? { trailingStop } : {}),
    ...(maxBars > 0 ? { maxBars } : {}),
  };
  return Object.keys(stops).length === 0 ? null : stops;
}

/**
 * The exits of an entry that was decided at the close `close`: stop loss at `close * (1 - stopLoss)` for a long and
 * `close * (1 + stopLoss)` for a short, take profit the other way round. A take profit of a short at 0 or below is never reached and left out.
 *
 * @param side 1 long, -1 short.
 */
export function entryOrder(side: 1 | -1, close: number, stops: ProtectiveStops | undefined): OrderRequest {
  if (stops === undefined) return {};
  const { stopLoss, takeProfit, trailingStop, maxBars } = stops;
  const profitPrice = takeProfit === undefined ? 0 : close * (1 + side * takeProfit);
  return {
    ...(stopLoss === undefined ? {} : { stopLoss: close * (1 - side * stopLoss) }),
    ...(profitPrice > 0 ? { takeProfit: profitPrice } : {}),
    ...(trailingStop === undefined ? {} : { trailingStop }),
    ...(maxBars === undefined ? {} : { maxBars }),
  };
}
