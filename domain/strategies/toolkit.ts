import { above, all, always, any, below, crossedAbove, crossedBelow } from './conditions.ts';
import { defineIndicator } from './define-indicator.ts';
import { defineStrategy } from './define-strategy.ts';
import { indicator, price } from './line-builders.ts';
import { barsParam, multipleParam, mustRise, percentParam } from './params.ts';
import { COMMON_PARAMS, rulesWith } from './protective-exits.ts';
import { ruleStrategy } from './rule-strategy.ts';
import type { Strategy } from './strategy.ts';

/** What a user's strategy file is handed to build with, so that it has nothing to import. */
export const toolkit = Object.freeze({
  // Lines
  price,
  indicator,
  defineIndicator,
  // Conditions
  above,
  below,
  crossedAbove,
  crossedBelow,
  all,
  any,
  always,
  // Parameters
  barsParam,
  percentParam,
  multipleParam,
  mustRise,
  COMMON_PARAMS,
  // Strategies
  rulesWith,
  ruleStrategy,
  defineStrategy,
});

export type Toolkit = typeof toolkit;

/** The default export of a strategy file. */
export type StrategyFile = Strategy | ((toolkit: Toolkit) => Strategy | Promise<Strategy>);
