import { measureExcursions } from '../../backtest/engine/excursions.ts';
import { openTrades } from '../../backtest/engine/run-end.ts';
import type { Trade } from '../../backtest/trade.ts';
import { type Decimal, toText } from '../../market/decimal.ts';
import type { BookLedger, BookNote, TradeOrders } from './book-ledger.ts';
import type { SessionDesk } from './session-desk.ts';
import type { SpotAccount } from './spot-account.ts';

export interface BookPosition {
  readonly symbol: string;
  readonly units: number;
  /** Exact, in base. */
  readonly quantity: Decimal;
  readonly entryPrice: number | null;
  /** Last close, or the price at which something of it has traded since. */
  readonly mark: number | null;
  readonly unrealised: number;
  /** The nearest of its trades' exits. */
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

export interface SessionTrade extends TradeOrders {
  readonly trade: Trade;
}

/** The books of a session as others see them. Money in quote. */
export interface BooksView {
  /** Quote currency that is left: what is held is paid for. */
  readonly cash: number;
  /** Cash and what is held, at those marks; dust counts as nothing. */
  readonly equity: number;
  /** One for each symbol. */
  readonly positions: readonly BookPosition[];
  /** In the order of their exits: their places never change. */
  readonly trades: readonly SessionTrade[];
  /** Valued at the marks; their exit fields are no exits. */
  readonly openTrades: readonly Trade[];
  /** The order that opened each of them; `null` where a person did. */
  readonly openedBy: readonly (number | null)[];
  readonly commission: number;
  /** What rounding to lots has left, in base by symbol, and what that had cost less what it has brought since, which is in the trades. */
  readonly dust: Readonly<Record<string, Decimal>>;
  readonly writtenOff: number;
  /** Fees in neither asset of their symbol, by asset; they are in none of the amounts above. */
  readonly otherFees: Readonly<Record<string, Decimal>>;
  /** Executions in the books. */
  readonly fills: number;
  /** The newest hundred. */
  readonly notes: readonly BookNote[];
}

export function viewOf(desks: readonly SessionDesk[], account: SpotAccount, ledger: BookLedger): BooksView {
  measureExcursions(ledger.trades);
  return {
    cash: account.quote,
    equity: account.equity(),
    positions: desks.map(positionOf),
    trades: ledger.trades.trades.map((trade, i) => ({ trade, ...ledger.orders[i]! })),
    openTrades: openTrades(desks.map(({ desk }) => desk)),
    openedBy: desks.flatMap((each) => each.desk.trades.map((trade) => each.holdingOf(trade).entry?.number ?? null)),
    commission: account.commission,
    dust: Object.fromEntries(desks.map(({ symbol, dust }) => [symbol, toText(dust)])),
    writtenOff: ledger.writtenOff,
    otherFees: Object.fromEntries([...ledger.otherFees].map(([asset, fee]) => [asset, toText(fee)])),
    fills: ledger.fills,
    notes: ledger.notes,
  };
}

function positionOf({ desk, symbol, units }: SessionDesk): BookPosition {
  const stops = desk.trades.flatMap(({ stopOrder }) => (stopOrder === null ? [] : [stopOrder.stop]));
  const targets = desk.trades.flatMap(({ targetOrder }) => (targetOrder === null ? [] : [targetOrder.limit]));
  return {
    symbol,
    units: desk.size,
    quantity: toText(units),
    entryPrice: numberOrNull(desk.entryPrice()),
    mark: numberOrNull(desk.mark),
    unrealised: desk.unrealised(),
    stopLoss: stops.length === 0 ? null : Math.max(...stops),
    takeProfit: targets.length === 0 ? null : Math.min(...targets),
  };
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
