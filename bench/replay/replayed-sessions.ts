import type { Sizing } from '../../domain/backtest/settings.ts';
import type { NamedStrategy } from '../../domain/backtest/spec/spec.ts';

/** The venue of a replay, and its one market. */
export const VENUE = 'replay';
export const SYMBOL = 'BTC/USDT';
export const TIMEFRAME = '15m';

/** Cash of each session, in quote. */
export const CAPITAL = 10_000;
/** What an order of a strategy that names no size buys. */
export const SIZING: Sizing = { kind: 'units', value: 0.1 };

/** Strategies that leave differently: by signals alone, by a stop and a trailing stop, against the market, and from positions of several entries. */
export const REPLAYED: readonly Required<NamedStrategy>[] = [
  { id: 'sma-cross', params: { fast: 5, slow: 20 } },
  { id: 'ema-cross', params: { fast: 5, slow: 20, stopLoss: 0.01 } },
  { id: 'supertrend', params: { trailingStop: 0.015 } },
  { id: 'bollinger-reversion', params: { stopLoss: 0.01 } },
  // Free-form. It leaves cash for the worst price that its orders allow.
  { id: 'turtle-pyramid', params: { shorts: 0, maxExposure: 0.8 } },
];

/** What one of them is started as. Every bar is decided, however long it takes. */
export function sessionSpec(strategy: NamedStrategy): object {
  return {
    name: strategy.id,
    venue: VENUE,
    symbols: [SYMBOL],
    timeframe: TIMEFRAME,
    strategy,
    sizing: SIZING,
    capital: String(CAPITAL),
    catchUp: 'replay',
  };
}
