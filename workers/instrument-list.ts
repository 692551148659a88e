import type { VenueDirectory, VenueProfile } from '../adapters/ports/order-ledger.ts';
import type { MarketReader } from '../adapters/ports/venue.ts';
import type { VenueAccountConfig } from '../adapters/venues/account-config.ts';
import type { Instrument } from '../domain/market/instrument.ts';

export interface InstrumentList {
  /** Asks the venue again and publishes what it lists. */
  refresh(): Promise<void>;
  /** What the venue lists, as it said last. */
  listed(): readonly Instrument[];
  /** Throws when the venue lists no such symbol. */
  instrumentOf(symbol: string): Promise<Instrument>;
}

/** The instruments of one account, kept here for the order path and published for the API. */
export function loadInstruments(
  market: Pick<MarketReader, 'instruments'>,
  directory: VenueDirectory,
  config: VenueAccountConfig & Pick<VenueProfile, 'marketTime'>,
): InstrumentList {
  let known: ReadonlyMap<string, Instrument> = new Map();
  return {
    refresh: async () => {
      const instruments = await market.instruments();
      const { id, exchange, label, assumptions, marketTime = 'wall' } = config;
      await directory.saveVenue({ id, exchange, label, assumptions, marketTime }, instruments);
      known = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    },
    listed: () => [...known.values()],
    instrumentOf: (symbol) => {
      const instrument = known.get(symbol);
      if (instrument !== undefined) return Promise.resolve(instrument);
      return Promise.reject(
        new Error(`${config.id} lists no "${symbol}"; known: ${[...known.keys()].slice(0, 20).join(', ')}`),
      );
    },
  };
}
