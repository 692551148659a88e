import type { OrderRequest } from '../../strategies/strategy.ts';
import type { Sizing } from '../settings.ts';
import { checkOrderFields, checkSizingFields } from './known-fields.ts';

/**
 * Throws a `RangeError` that names field, value and remedy for an order that no broker could understand.
 *
 * @param closes how many closes are known.
 */
export function checkRequest(request: OrderRequest, runSizing: Sizing, closes: number): void {
  checkOrderFields(request);
  const { size, limit, stop, trail, stopLoss, takeProfit, trailingStop, maxBars, goodForBars } = request;
  if (typeof size === 'number')
    checkPositive('size', size, 'units, or a sizing such as { kind: "cashShare", value: 0.5 }');
  else if (size !== undefined) checkSizing(size);
  if (limit !== undefined) checkPositive('limit', limit, 'a price');
  if (stop !== undefined) checkPositive('stop', stop, 'a price');
  if (stopLoss !== undefined) checkPositive('stopLoss', stopLoss, 'a price');
  if (takeProfit !== undefined) checkPositive('takeProfit', takeProfit, 'a price');
  if (trail !== undefined) checkRatio('trail', trail);
  if (trailingStop !== undefined) checkRatio('trailingStop', trailingStop);
  if (maxBars !== undefined) checkCount('maxBars', maxBars);
  if (goodForBars !== undefined) checkCount('goodForBars', goodForBars);
  checkWords(request);
  if (trail !== undefined && (limit !== undefined || stop !== undefined)) {
    throw new RangeError('an order with trail has no limit and no stop: its stop follows the price');
  }
  const sizing = typeof size === 'number' ? null : (size ?? runSizing);
  if (sizing?.kind === 'riskPerTrade' && stopLoss === undefined && trailingStop === undefined) {
    throw new RangeError(
      'an order sized by riskPerTrade needs a stopLoss (or a trailingStop): its distance is the risk',
    );
  }
  if (sizing?.kind === 'volatilityTarget' && !(sizing.window >= 3 && sizing.window <= closes)) {
    const remedy = `give a window of 3 closes or more, and have prepare call lines.warmUp(${sizing.window})`;
    throw new RangeError(`size.window is ${sizing.window} and ${closes} closes are known: ${remedy}`);
  }
  if (sizing?.kind === 'cashShare' && sizing.value > 1) {
    throw new RangeError(`size.value is ${sizing.value}: a share of the cash is above 0 and at most 1`);
  }
}

/** Throws unless `value` is a finite number above 0. */
export function checkPositive(field: string, value: number, meaning: string): void {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return;
  const why = Number.isNaN(value) ? ' (a line that still warms up is NaN)' : '';
  throw new RangeError(`${field} is ${String(value)}: give ${meaning} above 0${why}`);
}

function checkSizing(size: Sizing): void {
  checkSizingFields(size);
  checkPositive('size.value', size.value, 'a number');
  if (size.kind !== 'volatilityTarget') return;
  checkPositive('size.barsPerYear', size.barsPerYear, 'a number');
  checkPositive('size.maxShare', size.maxShare, 'a share of equity, such as 1,');
}

/** Plain JavaScript may give anything. */
function checkWords({ oco, tag, reduceOnly }: OrderRequest): void {
  if (oco !== undefined && typeof oco !== 'string')
    throw new RangeError(`oco is ${String(oco)}: give the name of a group`);
  if (tag !== undefined && typeof tag !== 'string') throw new RangeError(`tag is ${String(tag)}: give a text`);
  if (reduceOnly !== undefined && typeof reduceOnly !== 'boolean') {
    throw new RangeError(`reduceOnly is ${String(reduceOnly)}: give true or false`);
  }
}

function checkRatio(field: string, value: number): void {
  if (typeof value === 'number' && value > 0 && value < 1) return;
  throw new RangeError(`${field} is ${String(value)}: give a ratio of the price above 0 and below 1, such as 0.05`);
}

function checkCount(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`${field} is ${String(value)}: give a whole number of bars, at least 1`);
}
