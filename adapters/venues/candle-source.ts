import type { OHLCV } from 'ccxt';
import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { CandlePage, CandleSource } from '../ports/candle-source.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { VenueAccountConfig } from './account-config.ts';
import { CcxtMarketReader, type MarketReaderDependencies } from './market-reader.ts';

/** Bars of one page where the exchange does not say how many it gives, and at most. */
const USUAL_PAGE = 500;
const LARGEST_PAGE = 1_000;
/** What exchanges that count weights take for a page of candles. */
const PAGE_WEIGHT = 2;

/**
 * Opens the candles of a venue; nothing is sent before the first page.
 * @throws {RangeError} when ccxt knows no such exchange
 */
export function openCandleSource(
  config: Pick<VenueAccountConfig, 'id' | 'exchange' | 'rest'>,
  dependencies: MarketReaderDependencies,
): CandleSource {
  return new CcxtCandleSource(config, dependencies, null);
}

/** The candles of a venue over ccxt. */
class CcxtCandleSource extends CcxtMarketReader implements CandleSource {
  async page(symbol: string, timeframe: Timeframe, from: EpochMs, to: EpochMs): Promise<CandlePage> {
    await this.client.market(symbol);
    await this.client.ensureClock();
    const { exchange } = this.client;
    const known = this.candleTimeframes();
    if (!known.includes(timeframe)) {
      throw new VenueReadError(
        `venue "${this.venueId}" has no ${timeframe} candles; it has ${known.join(', ') || 'none'}`,
        { code: 'NO_SUCH_TIMEFRAME' },
      );
    }
    const stepMs = timeframeMs(timeframe);
    // Read before the request: a bar that closes while it is under way may come half done.
    const closedBefore = this.client.now();
    if (from + stepMs > closedBefore) {
      throw new VenueReadError(`the ${timeframe} candle at ${new Date(from).toISOString()} has not closed yet`, {
        code: 'STILL_OPEN',
        retryAfterMs: from + stepMs - closedBefore,
      });
    }
    const limit = this.#pageSize(symbol);
    const rows = await this.client.call('market', PAGE_WEIGHT, () =>
      exchange.fetchOHLCV(symbol, timeframe, from, limit),
    );
    const builder = new CandleBuilder(symbol, timeframe, rows.length);
    let last = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const [time, open, high, low, close, volume] = row.map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      // Some venues begin a page earlier than asked, and all end it with the candle that is still open.
      if (time < from || time >= to || time + stepMs > closedBefore) continue;
      builder.add(time, open, high, low, close, volume);
      last = time;
    }
    // Without a bar in it the stretch of a page is passed over: venues answer either with the next bars there are, or with none.
    const next = last > 0 ? last + stepMs : this.#behindEmptyPage(rows, from + limit * stepMs);
    return { candles: builder.take(), next: Math.min(next, to) };
  }

  async newest(symbol: string, timeframe: Timeframe): Promise<EpochMs | null> {
    await this.client.market(symbol);
    const { exchange } = this.client;
    const rows = await this.client.call('market', PAGE_WEIGHT, () =>
      exchange.fetchOHLCV(symbol, timeframe, undefined, 1),
    );
    const time = Number(rows.at(-1)?.[0] ?? Number.NaN);
    return Number.isFinite(time) ? time : null;
  }

  #pageSize(symbol: string): number {
    const told = Number(this.client.exchange.featureValue(symbol, 'fetchOHLCV', 'limit', USUAL_PAGE));
    return told >= 1 ? Math.min(told, LARGEST_PAGE) : USUAL_PAGE;
  }

  /** A page whose bars all lie behind the range says how far there is nothing. */
  #behindEmptyPage(rows: readonly OHLCV[], end: EpochMs): EpochMs {
    const first = Number(rows[0]?.[0]);
    return first > end ? first : end;
  }
}
