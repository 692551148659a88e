import Big from 'big.js';
import type { Instrument } from '../market/instrument.ts';
import { type Decimal, floorToStep, toText } from '../market/decimal.ts';
import type { Adjusted } from './adjustment.ts';
import type { JournalEntry, SessionEvent } from './journal.ts';
import type { PlacedOrder, WantedOrder } from './order.ts';
import type { StopMode } from './status.ts';

/** What a session that cannot have books is known to hold, from the last time that it had any. */
export interface KnownPosition {
  readonly symbol: string;
  /** In base. */
  readonly units: number;
  /** The same, exact; absent where the record does not tell it. */
  readonly quantity?: Decimal;
  readonly entryPrice: number | null;
  readonly mark: number | null;
}

export interface StopInput {
  readonly mode: StopMode;
  readonly positions: readonly KnownPosition[];
  readonly dust: Readonly<Record<string, Decimal>>;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly placed: readonly PlacedOrder[];
  /** All of it, with what has just been taken in. */
  readonly journal: readonly JournalEntry[];
}

export interface StopPlan {
  readonly start: readonly WantedOrder[];
  /** Execution ids. */
  readonly cancel: readonly string[];
  readonly isDone: boolean;
}

/** Numbers of exits that no books have made begin here: far above any that those give. */
const FIRST_NUMBER = 1_000_000_000;

/** What the stop of a session takes whose books cannot be folded: orders are known by the store, and what is held by the record. */
export function stopWithoutBooks({ mode, positions, dust, instruments, placed, journal }: StopInput): StopPlan {
  const active = placed.filter(({ state }) => state !== 'ended');
  const going = active.filter(({ purpose, order }) =>
    mode === 'keep' ? purpose === 'entry' : mode === 'cancel' || order < FIRST_NUMBER,
  );
  const cancel = going.filter(({ cancelRequested }) => !cancelRequested).map(({ executionId }) => executionId);
  if (mode === 'keep') {
    // What an exit at market trades belongs to the session.
    const isDone = going.length === 0 && active.every(({ kind }) => kind !== 'marketable');
    return { start: [], cancel, isDone };
  }
  if (active.length > 0 || mode === 'cancel') return { start: [], cancel, isDone: active.length === 0 };
  const symbols = Object.keys(instruments).toSorted();
  const numberOf = ({ symbol }: KnownPosition): number => FIRST_NUMBER + symbols.indexOf(symbol);
  const start = positions.flatMap((position) => exitOf(position, numberOf(position), dust, instruments, journal));
  return { start, cancel, isDone: start.length === 0 };
}

/** Sells all of a position that the venue takes, as another version after each that has ended. */
function exitOf(
  { symbol, units, entryPrice, mark }: KnownPosition,
  number: number,
  dust: StopInput['dust'],
  instruments: StopInput['instruments'],
  journal: readonly JournalEntry[],
): readonly WantedOrder[] {
  const instrument = instruments[symbol];
  const price = mark ?? entryPrice;
  if (instrument === undefined || price === null || !(units > 0)) return [];
  const { lot, minQuantity, minNotional } = instrument;
  const quantity = floorToStep(new Big(units).plus(dust[symbol] ?? 0), new Big(lot));
  if (!quantity.gt(0) || quantity.lt(minQuantity) || quantity.times(price).lt(minNotional)) return [];
  const ended = journal.filter(({ event }) => event.kind === 'ended' && event.order === number).length;
  return [
    {
      order: number,
      version: ended + 1,
      symbol,
      side: 'sell',
      kind: 'marketable',
      purpose: 'exit',
      held: 'venue',
      quantity: toText(quantity),
      limit: null,
      stop: null,
      bar: null,
      intended: new Big(price).toFixed(),
    },
  ];
}

/** Amounts of a record, in quote but for the units. */
export interface KnownBooks<P extends KnownPosition = KnownPosition> {
  readonly cash: number;
  readonly commission: number;
  readonly positions: readonly P[];
  readonly dust: Readonly<Record<string, Decimal>>;
}

/** The same with trades taken in that no books have seen: what was bought or sold, what it has cost, and the price as the mark. */
export function withTrades<B extends KnownBooks>(
  books: B,
  events: readonly SessionEvent[],
  orders: readonly Pick<PlacedOrder, 'order' | 'version' | 'symbol' | 'side'>[],
): B {
  return events.reduce((known, event) => {
    if (event.kind !== 'execution') return known;
    const order = orders.find((each) => each.order === event.order && each.version === event.version);
    return order === undefined ? known : withTrade(known, event, order);
  }, books);
}

/** The same with what a person has put right: bought or sold at that price without fees; what is less than trades hold goes off the dust, which has cost before. */
export function withAdjustments<B extends KnownBooks>(books: B, adjusted: readonly Adjusted[]): B {
  return adjusted.reduce((known, { symbol, quantity, price }) => {
    const change = new Big(quantity);
    const side = change.gt(0) ? 'buy' : 'sell';
    const held = heldOf(known, symbol);
    const ofTrades = side === 'buy' || change.abs().lte(held) ? change.abs() : held;
    const traded = withTrade(
      known,
      { quantity: toText(ofTrades), price, feeBase: '0', feeQuote: '0' },
      { symbol, side },
    );
    if (side === 'buy') return traded;
    const spare = new Big(known.dust[symbol] ?? 0).minus(change.abs().minus(ofTrades));
    return { ...traded, dust: { ...traded.dust, [symbol]: toText(spare.lt(0) ? new Big(0) : spare) } };
  }, books);
}

/** Units in trades: exact where the record tells them so. */
function heldOf({ positions }: KnownBooks, symbol: string): Big {
  const position = positions.find((each) => each.symbol === symbol);
  return new Big(position?.quantity ?? position?.units ?? 0);
}

type Traded = Pick<SessionEvent & { readonly kind: 'execution' }, 'quantity' | 'price' | 'feeBase' | 'feeQuote'>;

function withTrade<B extends KnownBooks>(
  books: B,
  { quantity, price, feeBase, feeQuote }: Traded,
  { symbol, side }: Pick<PlacedOrder, 'symbol' | 'side'>,
): B {
  const sign = side === 'buy' ? 1 : -1;
  const change = new Big(quantity).times(sign).minus(feeBase);
  const left = heldOf(books, symbol).plus(change);
  const spare = new Big(books.dust[symbol] ?? 0);
  const below = left.lt(0) ? left : new Big(0);
  const position = books.positions.find((each) => each.symbol === symbol) ?? {
    symbol,
    entryPrice: Number(price),
    unrealised: 0,
    stopLoss: null,
    takeProfit: null,
  };
  const units = Number(left.minus(below));
  const mark = Number(price);
  const entry = position.entryPrice ?? mark;
  const changed = {
    ...position,
    units,
    quantity: toText(left.minus(below)),
    entryPrice: units > 0 ? entry : null,
    mark,
    unrealised: units * (mark - entry),
  };
  const positions = [...books.positions.filter((each) => each.symbol !== symbol), changed];
  const cash = books.cash - Number(new Big(quantity).times(price).times(sign).plus(feeQuote));
  const dust = { ...books.dust, [symbol]: toText(spare.plus(below).lt(0) ? new Big(0) : spare.plus(below)) };
  const commission = books.commission + Number(new Big(feeBase).times(price).plus(feeQuote));
  const equity = positions.reduce((sum, { units: some, mark: at }) => sum + some * (at ?? 0), cash);
  return { ...books, cash, commission, equity, positions, dust };
}
