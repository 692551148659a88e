import Big from 'big.js';
import type { Trade } from '../../backtest/trade.ts';
import { type Decimal, type EpochMs, toText } from '../../market/decimal.ts';
import type { WantedOrder } from '../order.ts';
import { type ComparedTrade, quotient, type TradeSide } from './compared-trade.ts';
import { groupedBy } from './grouped-by.ts';

/** A version of an order of a session, as it went to the venue. */
export interface SentOrder extends Pick<WantedOrder, 'order' | 'version' | 'kind' | 'limit' | 'stop' | 'bar'> {
  /** Whether it is a take profit, which has waited at its price, by the venue or by the session; `false` where left out. */
  readonly isTarget?: boolean;
  /** Mid of the market when it was sent; `null` where none was recorded. */
  readonly mid: Decimal | null;
  /** In base; 0 of a version that never traded. */
  readonly filled: Decimal;
}

/** A trade in the books of a session, and the orders that made it. */
export interface BookedTrade {
  readonly trade: Trade;
  /** 0 where no order did it, but a person. */
  readonly entryOrder: number;
  /** `null` while it is open, 0 where no order did it. */
  readonly exitOrder: number | null;
}

interface Part {
  readonly trade: Trade;
  readonly entry: TradeSide;
  readonly exit: TradeSide;
  readonly isOpen: boolean;
}

/**
 * The trades of a session's books as they are compared. What one entry order bought and exits of one decision sold is one trade, in however many
 * pieces the venue filled it; prices and references of the pieces are weighted by their units.
 *
 * Where no mid was recorded when an order at market was sent, its own fill stands for it: what cannot be told apart counts as timing.
 */
export function sessionTrades(booked: readonly BookedTrade[], sent: readonly SentOrder[]): readonly ComparedTrade[] {
  const orders = groupedBy(
    sent.toSorted((a, b) => a.version - b.version),
    ({ order }) => order,
  );
  const decidedBy = (order: number | null): EpochMs | null =>
    order === null ? null : (orders.get(order)?.[0]?.bar ?? null);
  const groups = groupedBy(booked, ({ trade, entryOrder, exitOrder }) =>
    [trade.symbol, entryOrder, exitOrder === null, decidedBy(exitOrder), trade.exitReason].join(' '),
  );
  return [...groups.values()].map((group) => {
    const parts = group.map(({ trade, entryOrder, exitOrder }): Part => {
      const isOpen = exitOrder === null;
      return {
        trade,
        isOpen,
        entry: sideOf(trade.entryTime, trade.entryPrice, orders.get(entryOrder)),
        exit: sideOf(trade.exitTime, trade.exitPrice, isOpen ? undefined : orders.get(exitOrder)),
      };
    });
    return joined(parts, decidedBy(group[0]!.entryOrder));
  });
}

function sideOf(bar: EpochMs, traded: number, versions: readonly SentOrder[] | undefined): TradeSide {
  const price = toText(new Big(traded));
  return { bar, price, reference: referenceOf(versions ?? []) ?? price };
}

/** What stood in the market when an order was sent: that of its versions that traded, weighted by what they did. */
function referenceOf(versions: readonly SentOrder[]): Decimal | null {
  let filled = new Big(0);
  let value = new Big(0);
  for (const { kind, mid, stop, limit, isTarget, filled: units } of versions) {
    const level = kind === 'stop' ? stop : kind === 'limit' || isTarget === true ? limit : mid;
    if (level === null || !new Big(units).gt(0)) continue;
    filled = filled.plus(units);
    value = value.plus(new Big(units).times(new Big(level)));
  }
  return filled.gt(0) ? toText(quotient(value, filled)) : null;
}

function joined(parts: readonly Part[], decidedAt: EpochMs | null): ComparedTrade {
  const { trade, isOpen } = parts[0]!;
  const units = sum(parts, (part) => new Big(part.trade.size));
  const mean = (of: (part: Part) => Decimal): Decimal =>
    parts.length === 1
      ? of(parts[0]!)
      : toText(
          quotient(
            sum(parts, (part) => new Big(part.trade.size).times(new Big(of(part)))),
            units,
          ),
        );
  return {
    symbol: trade.symbol,
    decidedAt,
    units: toText(units),
    entry: {
      bar: Math.min(...parts.map(({ entry }) => entry.bar)),
      price: mean(({ entry }) => entry.price),
      reference: mean(({ entry }) => entry.reference),
    },
    exit: {
      bar: Math.max(...parts.map(({ exit }) => exit.bar)),
      price: mean(({ exit }) => exit.price),
      reference: mean(({ exit }) => exit.reference),
    },
    isOpen,
    fees: toText(sum(parts, (part) => new Big(part.trade.commission))),
  };
}

function sum(parts: readonly Part[], of: (part: Part) => Big): Big {
  return parts.reduce((total, part) => total.plus(of(part)), new Big(0));
}
