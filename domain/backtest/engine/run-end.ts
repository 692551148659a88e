import type { Trade } from '../trade.ts';
import { firstAtOrAfter } from './equity-curve.ts';
import { excursionsOf } from './excursions.ts';
import { AT_CLOSE } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { closedTrade } from './trade-ledger.ts';

/** Trades that are still held, valued at the last close and without costs of an exit. */
export function openTrades(desks: readonly SymbolDesk[]): readonly Trade[] {
  return desks.flatMap((desk) =>
    desk.trades.map((trade) => {
      const units = Math.abs(trade.size);
      const entryCommission = trade.entryFixed + units * trade.entryPrice * trade.entryRate;
      const mark = {
        bar: desk.bar,
        kind: AT_CLOSE,
        price: desk.mark,
        commission: 0,
        reason: 'end-of-data',
      } as const;
      const marked = closedTrade(desk, trade, units, entryCommission, mark);
      return { ...marked, ...excursionsOf(marked, trade.entryKind, desk.candles, true) };
    }),
  );
}

/** Bars of the joint time axis in which any of the trades was held at any moment: entry and exit bar both count. */
export function exposureBars(trades: readonly Trade[], desks: readonly SymbolDesk[], times: Float64Array): number {
  const changes = new Int32Array(times.length + 1);
  const timesOf = new Map(desks.map(({ symbol, candles }) => [symbol, candles.time]));
  for (const { symbol, entryBar, exitBar } of trades) {
    const own = timesOf.get(symbol)!;
    changes[firstAtOrAfter(times, own[entryBar]!)]!++;
    changes[firstAtOrAfter(times, own[exitBar]!) + 1]!--;
  }
  let held = 0;
  let bars = 0;
  for (let t = 0; t < times.length; t++) {
    held += changes[t]!;
    if (held > 0) bars++;
  }
  return bars;
}
