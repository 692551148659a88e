import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import { type TapeReading, VenueReadError } from '../ports/venue.ts';
import type { TapeSource } from './capabilities/capability.ts';

/** Prints of the last instant may be published this much after it. */
const PUBLICATION_LAG_MS = 250;
/** How often, and how long apart, the history is asked again when it lags behind the newest print. */
const CATCH_UP_ATTEMPTS = 20;
const CATCH_UP_PAUSE_MS = 500;
/** More would take a venue's request budget for minutes and much memory: such an interval has no benchmark. */
const MOST_PRINTS = 500_000;

export interface TapeClock {
  /** Venue time. */
  readonly now: () => EpochMs;
  readonly sleep: (ms: DurationMs) => Promise<void>;
}

/**
 * Reads the public prints of `[from, to]`, venue time, by id. Waits until the venue's clock has passed `to`, then reads until the history
 * has a print after `to` or has reached the newest print. Every id from the first to the last must be there.
 */
export async function readTape(source: TapeSource, from: EpochMs, to: EpochMs, clock: TapeClock): Promise<TapeReading> {
  if (to < from) return { complete: false, reason: `the interval ends (${to}) before it begins (${from})` };
  for (let left = to + PUBLICATION_LAG_MS - clock.now(); left > 0; left = to + PUBLICATION_LAG_MS - clock.now()) {
    await clock.sleep(left);
  }
  const newest = await source.latest();
  if (newest === null) return { complete: true, trades: [], before: null };
  const newestId = idOf(newest);
  const first = newest.at < from ? newestId + 1 : await source.firstIdSince(from);
  if (first === null) return { complete: false, reason: `the venue names no first print since ${from}` };
  const reader = new PageReader(source, newestId, to, clock);
  const read = await reader.readFrom(first, from);
  if (typeof read === 'string') return { complete: false, reason: read };
  const inside = read.filter((trade) => trade.at >= from && trade.at <= to);
  const outOfOrder = inside.find((trade, index) => trade.at < (inside[index - 1]?.at ?? from));
  if (outOfOrder !== undefined) return { complete: false, reason: `print ${outOfOrder.tradeId} runs back in time` };
  return { complete: true, trades: inside, before: read.findLast((trade) => trade.at < from) ?? null };
}

class PageReader {
  readonly #source: TapeSource;
  readonly #newestId: number;
  readonly #to: EpochMs;
  readonly #clock: TapeClock;

  constructor(source: TapeSource, newestId: number, to: EpochMs, clock: TapeClock) {
    this.#source = source;
    this.#newestId = newestId;
    this.#to = to;
    this.#clock = clock;
  }

  /** Prints from the last before `from` to the end of the interval, or in words why they cannot be had. */
  async readFrom(first: number, from: EpochMs): Promise<readonly PublicTrade[] | string> {
    // One print ahead, for the price that stands at the start; further back while that one is not before the start.
    for (let start = Math.max(0, first - 1); ; start = Math.max(0, start - this.#source.pageSize)) {
      const trades = await this.#readOn(start);
      if (typeof trades === 'string') return trades;
      const earliest = trades[0];
      if (earliest === undefined) return `the venue gives no prints from id ${start} on`;
      if (idOf(earliest) > start) {
        const problem = await this.#beginsAt(idOf(earliest), start);
        return problem ?? trades;
      }
      if (earliest.at < from || start === 0) return trades;
    }
  }

  /** Pages on from `start` until the interval or the tape ends. */
  async #readOn(start: number): Promise<readonly PublicTrade[] | string> {
    const trades: PublicTrade[] = [];
    let attempts = 0;
    for (let next = start; ;) {
      const page = await this.#pageFrom(next);
      if (trades.length > MOST_PRINTS) return `the interval has more than ${MOST_PRINTS} prints`;
      for (const trade of page) {
        const previous = trades.at(-1);
        if (previous !== undefined && idOf(trade) !== idOf(previous) + 1) {
          return `the tape has a gap between print ${previous.tradeId} and print ${trade.tradeId}`;
        }
        trades.push(trade);
        if (trade.at > this.#to) return trades;
      }
      const last = trades.at(-1);
      if (last !== undefined && idOf(last) >= this.#newestId) return trades;
      if (page.length === 0) {
        attempts += 1;
        if (attempts > CATCH_UP_ATTEMPTS) return `the venue's history ends before its newest print ${this.#newestId}`;
        await this.#clock.sleep(CATCH_UP_PAUSE_MS);
      }
      if (last !== undefined) next = idOf(last) + 1;
    }
  }

  /** A page, when the rate budget has room for it: what has been read is not read again. */
  async #pageFrom(next: number): Promise<readonly PublicTrade[]> {
    for (;;) {
      try {
        return await this.#source.pageFrom(next, this.#source.pageSize);
      } catch (error) {
        if (!(error instanceof VenueReadError) || error.code !== 'RATE_BUDGET' || error.retryAfterMs === null)
          throw error;
        await this.#clock.sleep(error.retryAfterMs);
      }
    }
  }

  /** `null` when the venue's tape as a whole begins at `earliest`, else the gap. */
  async #beginsAt(earliest: number, asked: number): Promise<string | null> {
    const [veryFirst] = await this.#source.pageFrom(0, 1);
    const begins = veryFirst !== undefined && idOf(veryFirst) === earliest;
    return begins ? null : `the tape has a gap between print ${asked} and print ${earliest}`;
  }
}

function idOf(trade: PublicTrade): number {
  const id = Number(trade.tradeId);
  if (!Number.isSafeInteger(id)) throw new VenueReadError(`public trade id "${trade.tradeId}" is no whole number`);
  return id;
}
