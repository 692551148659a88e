import Big from 'big.js';
import { type EpochMs, toText } from '../domain/market/decimal.ts';
import type { RestingOrder, StopOrder } from '../domain/matching/market-types.ts';
import type { VenueConfig } from './config.ts';
import { Ledger, type LedgerFill, type LedgerOrder } from './exchange/ledger.ts';
import { CandleHistory } from './feeds/candles/candle-history.ts';
import type { TapeAnchor } from './feeds/relay/tape-anchor.ts';
import { applyToLedger, type JournalRecord, type OpeningRecord, type TapeMark } from './exchange/records.ts';

/** What a venue's journal tells when it is read from its first record to its last. */
export class VenueHistory {
  readonly #config: VenueConfig;
  /** What it says of a market that replays candles. */
  readonly candles = new CandleHistory();
  #opening: OpeningRecord | null = null;
  #ledger: Ledger;
  readonly #feedStarts = new Map<string, { readonly feedAt: EpochMs; readonly at: EpochMs }>();
  readonly #anchors = new Map<string, TapeAnchor>();
  readonly #marks: { readonly at: EpochMs; readonly mark: TapeMark }[] = [];

  constructor(config: VenueConfig) {
    this.#config = config;
    this.#ledger = new Ledger(config.balances, 0);
  }

  /** The journal's first record; `null` while the journal is empty. */
  get opening(): OpeningRecord | null {
    return this.#opening;
  }

  /** The account as the journal leaves it. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** The first record of a new journal. */
  open(at: EpochMs): OpeningRecord {
    const { id, feed, markets, balances } = this.#config;
    this.#opening = { kind: 'opened', venue: id, feed, symbols: markets.map(({ symbol }) => symbol), balances, at };
    this.#ledger = new Ledger(balances, at);
    return this.#opening;
  }

  /** Takes the next record. Throws when the journal is another venue's, or of another feed or list of markets. */
  add(record: JournalRecord): void {
    if (this.#opening === null) {
      if (record.kind !== 'opened') throw new Error(`a journal begins with "opened", this one with "${record.kind}"`);
      this.#checkOpening(record);
      this.#opening = record;
      this.#ledger = new Ledger(record.balances, record.at);
      return;
    }
    this.candles.add(record);
    switch (record.kind) {
      case 'opened':
        throw new Error('the journal is opened twice');
      case 'feed-started':
        this.#feedStarts.set(record.symbol, { feedAt: record.feedAt, at: record.at });
        break;
      case 'candles-opened':
        break;
      case 'tape-anchored':
        this.#anchors.set(record.symbol, record);
        break;
      case 'order':
        this.#marks.push({ at: record.order.acceptedAt, mark: record.tape });
        // Journals from before there were stop orders do not have the field.
        applyToLedger(this.#ledger, {
          ...record,
          order: { ...record.order, stopPrice: record.order.stopPrice ?? null },
        });
        break;
      case 'triggered':
        this.#marks.push({ at: record.at, mark: record.tape });
        applyToLedger(this.#ledger, record);
        break;
      case 'fills':
        this.#marks.push({ at: record.fills[0]?.at ?? 0, mark: record.tape });
        applyToLedger(this.#ledger, record);
        break;
      case 'released':
      case 'cancelled':
      case 'transferred':
        applyToLedger(this.#ledger, record);
        break;
    }
  }

  feedStart(symbol: string): { readonly feedAt: EpochMs; readonly at: EpochMs } | null {
    return this.#feedStarts.get(symbol) ?? null;
  }

  /** Where a relayed tape was fixed to that of its source the last time; `null` before the first. */
  tapeAnchor(symbol: string): TapeAnchor | null {
    return this.#anchors.get(symbol) ?? null;
  }

  /** How far the tape's ids ran ahead of the feed's trades just before `from`. */
  surplusBefore(symbol: string, from: EpochMs): number {
    return this.#marks.findLast(({ at, mark }) => mark.symbol === symbol && at < from)?.mark.surplus ?? 0;
  }

  /** All fills of a market in the order of their trade ids. */
  fillsOf(symbol: string): readonly LedgerFill[] {
    return this.#ledger.fills().filter((fill) => fill.symbol === symbol);
  }

  /** The open orders of a market, as they must be put back into it after a restart. */
  openOrdersOf(symbol: string): { readonly resting: readonly RestingOrder[]; readonly stops: readonly StopOrder[] } {
    const open = this.#ledger.openOrders().filter((order) => order.symbol === symbol);
    return {
      resting: open.filter(({ workingAt }) => workingAt !== null).map(asResting),
      stops: open.filter(({ workingAt }) => workingAt === null).map(asStop),
    };
  }

  #checkOpening(record: OpeningRecord): void {
    const { id, feed, markets } = this.#config;
    const expected = { venue: id, feed, symbols: markets.map(({ symbol }) => symbol) };
    const found = { venue: record.venue, feed: record.feed, symbols: record.symbols };
    if (JSON.stringify(expected) === JSON.stringify(found)) return;
    throw new Error(
      `the journal in ${this.#config.journal} was opened for ${JSON.stringify(found)}, the configuration says ` +
        `${JSON.stringify(expected)}: give the changed venue a new id or another home`,
    );
  }
}

function asResting({ orderId, side, price, quantity, filled }: LedgerOrder): RestingOrder {
  if (price === null) throw new Error(`market order ${orderId} is open: market orders never rest`);
  return { orderId, side, price, remaining: toText(new Big(quantity).minus(filled)) };
}

function asStop({ orderId, side, price, stopPrice, quantity, timeInForce }: LedgerOrder): StopOrder {
  if (price === null || stopPrice === null) throw new Error(`order ${orderId} waits for no stop price`);
  return { orderId, side, quantity, price, stop: stopPrice, timeInForce };
}
