import Big from 'big.js';
import ccxt, { type Market } from 'ccxt';
import { type Decimal, maxOf, toText } from '../../../domain/market/decimal.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import { exactText, exactTextOrNull } from '../exact-text.ts';

/**
 * A spot market as ccxt reports it, in exact text; `null` for a market that is no active spot market or has no fixed price or
 * quantity step (venues that count significant digits), since no exact order can be made for it.
 * @param precisionMode the exchange's `precisionMode`: whether `precision` holds steps or numbers of decimals
 */
export function toInstrument(market: Market, precisionMode: number): Instrument | null {
  if (market === undefined || market.spot !== true || market.active === false) return null;
  const tick = stepOf(market.precision.price, precisionMode);
  const lot = stepOf(market.precision.amount, precisionMode);
  if (tick === null || lot === null) return null;
  const least = exactTextOrNull(market.limits.amount?.min, 'least quantity') ?? '0';
  const most = exactTextOrNull(market.limits.amount?.max, 'largest quantity');
  return {
    symbol: market.symbol,
    base: market.base,
    quote: market.quote,
    tick,
    lot,
    minQuantity: toText(maxOf(new Big(least), new Big(lot))),
    maxQuantity: most === '0' ? null : most,
    minNotional: exactTextOrNull(market.limits.cost?.min, 'least notional') ?? '0',
  };
}

/** A step from a precision: as it is in tick-size mode, 10^-n for n decimals; n may be negative (whole tens). */
function stepOf(precision: unknown, precisionMode: number): Decimal | null {
  if (precision === undefined || precision === null || precision === '') return null;
  if (precisionMode === ccxt.DECIMAL_PLACES) return toText(new Big(10).pow(-Number(precision)));
  if (precisionMode !== ccxt.TICK_SIZE) return null;
  const step = exactText(precision, 'price or quantity step');
  return step === '0' ? null : step;
}
