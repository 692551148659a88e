import Big from 'big.js';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { MarketWatch } from '../events/market-watch.ts';
import type { CandleStream } from '../ports/closed-candles.ts';
import type { SessionInterest, WatchedPrice } from '../ports/session-signals.ts';
import { createCandleParts } from './candle-parts.ts';
import { isSameCandle, type RunningCandle } from '../ports/running-candles.ts';
import type { Database } from './database.ts';
import { type BuiltStream, type NewestBar, newestBars } from './newest-bars.ts';
import { epochMs } from './rows.ts';
import { readRunning } from './running-candles.ts';

const keyOf = ({ venue, symbol, timeframe }: CandleStream): string => `${venue} ${symbol} ${timeframe}`;
const symbolKeyOf = ({ venue, symbol }: { readonly venue: string; readonly symbol: string }): string =>
  `${venue} ${symbol}`;

/** Looks at bars and prices in Postgres: four statements at most, however many wait. */
export function createMarketWatch(database: Database): MarketWatch {
  return new PostgresMarketWatch(database);
}

class PostgresMarketWatch implements MarketWatch {
  readonly #database: Database;
  readonly #parts: ReturnType<typeof createCandleParts>;
  /** How far each stream had come, and what its coverage was when that was found out. */
  readonly #bars = new Map<string, { readonly coveredUntil: number; readonly bar: NewestBar | null }>();

  constructor(database: Database) {
    this.#database = database;
    this.#parts = createCandleParts(database);
  }

  async look(interests: readonly SessionInterest[]): Promise<readonly ('bar' | 'price' | null)[]> {
    const streams = new Map(interests.flatMap((each) => each.streams).map((each) => [keyOf(each), each]));
    const watched = new Map(interests.flatMap((each) => each.watched).map((each) => [symbolKeyOf(each), each]));
    const running = new Map(
      interests.flatMap((each) => each.running ?? []).map(({ stream }) => [keyOf(stream), stream]),
    );
    const [bars, prices, open] = await Promise.all([
      this.#newest([...streams.values()]),
      this.#lastPrices([...watched.values()]),
      this.#running([...running.values()]),
    ]);
    return interests.map((interest) => {
      if (interest.watched.some((each) => isReached(each, prices.get(symbolKeyOf(each))))) return 'price';
      const isNews = interest.running?.some(({ stream, seen }) => !isSameCandle(open.get(keyOf(stream)) ?? null, seen));
      if (isNews === true) return 'price';
      return hasNewBar(interest, bars) ? 'bar' : null;
    });
  }

  async #newest(streams: readonly CandleStream[]): Promise<ReadonlyMap<string, NewestBar>> {
    const built: BuiltStream[] = [];
    for (const stream of streams) {
      const part = await this.#parts.of(stream.venue, stream.timeframe);
      if (part !== null && part !== undefined) built.push({ ...stream, part });
    }
    const covered = await this.#coverage(built);
    const moved = built.filter((each) => {
      const until = covered.get(keyOf({ ...each, timeframe: each.part }));
      return until !== undefined && this.#bars.get(keyOf(each))?.coveredUntil !== until;
    });
    const found = moved.length === 0 ? [] : await newestBars(this.#database, moved);
    for (const [index, bar] of found.entries()) {
      const stream = moved[index]!;
      this.#bars.set(keyOf(stream), {
        coveredUntil: covered.get(keyOf({ ...stream, timeframe: stream.part }))!,
        bar,
      });
    }
    const known = new Map<string, NewestBar>();
    for (const each of built) {
      const bar = this.#bars.get(keyOf(each))?.bar ?? null;
      if (bar !== null) known.set(keyOf(each), bar);
    }
    for (const key of this.#bars.keys()) if (!known.has(key)) this.#bars.delete(key);
    return known;
  }

  /** By the stream that was asked for, whatever its candles are made of. */
  async #running(streams: readonly CandleStream[]): Promise<ReadonlyMap<string, RunningCandle>> {
    const made: CandleStream[] = [];
    const askedFor = new Map<string, CandleStream[]>();
    for (const stream of streams) {
      const part = await this.#parts.of(stream.venue, stream.timeframe);
      if (part === null || part === undefined) continue;
      const own = { ...stream, timeframe: part };
      made.push(own);
      askedFor.set(keyOf(own), [...(askedFor.get(keyOf(own)) ?? []), stream]);
    }
    const found = await readRunning(this.#database, made);
    return new Map(
      found.flatMap(({ stream, candle }) =>
        (askedFor.get(keyOf(stream)) ?? []).map((each): [string, RunningCandle] => [keyOf(each), candle]),
      ),
    );
  }

  async #coverage(streams: readonly BuiltStream[]): Promise<ReadonlyMap<string, number>> {
    if (streams.length === 0) return new Map();
    const { rows } = await this.#database.query<{ venue: string; symbol: string; timeframe: string; until: Date }>(
      `select c.venue, c.symbol, c.timeframe, c.complete_until as until
       from stream_coverage c
       where (c.venue, c.symbol, c.timeframe) in (select * from unnest($1::text[], $2::text[], $3::text[]))`,
      [streams.map(({ venue }) => venue), streams.map(({ symbol }) => symbol), streams.map(({ part }) => part)],
    );
    return new Map(rows.map((row) => [keyOf(row), epochMs(row.until)]));
  }

  async #lastPrices(watched: readonly WatchedPrice[]): Promise<ReadonlyMap<string, string>> {
    if (watched.length === 0) return new Map();
    const { rows } = await this.#database.query<{ venue: string; symbol: string; last: string }>(
      `select venue, symbol, last from last_prices
       where last is not null and (venue, symbol) in (select * from unnest($1::text[], $2::text[]))`,
      [watched.map(({ venue }) => venue), watched.map(({ symbol }) => symbol)],
    );
    return new Map(rows.map((row) => [symbolKeyOf(row), row.last]));
  }
}

function isReached({ above, below }: WatchedPrice, last: string | undefined): boolean {
  if (last === undefined) return false;
  const price = new Big(last);
  return (above !== null && price.gte(above)) || (below !== null && price.lte(below));
}

/** Whether all streams are known beyond the next bar, and one of them has a bar there. */
function hasNewBar({ streams, afterBar }: SessionInterest, bars: ReadonlyMap<string, NewestBar>): boolean {
  const known = streams.map((stream) => ({ stream, bar: bars.get(keyOf(stream)) }));
  return (
    known.every(
      ({ stream, bar }) =>
        bar !== undefined && (afterBar === null || bar.closedUntil >= afterBar + 2 * timeframeMs(stream.timeframe)),
    ) && known.some(({ bar }) => bar!.last !== null && (afterBar === null || bar!.last > afterBar))
  );
}
