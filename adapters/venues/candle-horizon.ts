import type { OHLCV } from 'ccxt';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { CandleHorizon } from '../ports/candle-horizon.ts';
import type { MarketReader } from '../ports/venue.ts';
import type { VenueAccountConfig } from './account-config.ts';
import { CcxtMarketReader, type MarketReaderDependencies } from './market-reader.ts';

/** What exchanges that count weights take for a few candles. */
const WEIGHT = 2;

/**
 * Opens the public side of a venue for those who ask how far its candles reach as well; nothing is sent before the first question.
 * @throws {RangeError} when ccxt knows no such exchange
 */
export function openCandleHorizon(
  config: Pick<VenueAccountConfig, 'id' | 'exchange' | 'rest'>,
  dependencies: MarketReaderDependencies,
): MarketReader & CandleHorizon {
  return new CcxtCandleHorizon(config, dependencies, null);
}

class CcxtCandleHorizon extends CcxtMarketReader implements CandleHorizon {
  async newestBegun(symbol: string, timeframe: Timeframe): Promise<EpochMs | null> {
    return timeOf((await this.#candles(symbol, timeframe, undefined, 2)).at(-1));
  }

  async firstSince(symbol: string, timeframe: Timeframe, since: EpochMs): Promise<EpochMs | null> {
    // Some venues begin a page earlier than asked.
    const candles = await this.#candles(symbol, timeframe, since, 2);
    return timeOf(candles.find(([time]) => Number(time) >= since));
  }

  async #candles(symbol: string, timeframe: Timeframe, since: EpochMs | undefined, limit: number): Promise<OHLCV[]> {
    await this.client.market(symbol);
    await this.client.ensureClock();
    return this.client.call('market', WEIGHT, () => this.client.exchange.fetchOHLCV(symbol, timeframe, since, limit));
  }
}

function timeOf(candle: OHLCV | undefined): EpochMs | null {
  const time = Number(candle?.[0]);
  return Number.isSafeInteger(time) && time > 0 ? time : null;
}
