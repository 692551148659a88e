import type { VenueAccount } from '../ports/venue.ts';
import type { VenueAccountConfig } from '../venues/account-config.ts';
import type { TapeSource } from '../venues/capabilities/capability.ts';
import { CcxtVenueAccount, type VenueAccountDependencies } from '../venues/venue-account.ts';
import { CcxtStreamClient } from './ccxt-stream-client.ts';
import type { StreamClient } from './stream-client.ts';

/** What streams need of their venue: clients to watch with, and REST to check and complete what they say. */
export interface StreamVenue extends Pick<
  VenueAccount,
  | 'venueId'
  | 'quote'
  | 'fillsSince'
  | 'ordersSince'
  | 'findByOrderId'
  | 'openOrders'
  | 'venueNow'
  | 'measureClock'
  | 'close'
> {
  /** Opens a client with sockets of its own. Throws `VenueReadError` while the venue cannot be asked for its markets. */
  openClient(): Promise<StreamClient>;
  /** The tape by id, or `null` where the venue does not serve it so. */
  tapeSource(symbol: string): Promise<TapeSource | null>;
}

/**
 * Opens the streaming side of an account; nothing is sent before the first call.
 * @throws {CredentialError} when its key and secret cannot be had
 * @throws {RangeError} when ccxt knows no such exchange
 */
export async function openStreamVenue(
  config: VenueAccountConfig,
  dependencies: VenueAccountDependencies,
): Promise<StreamVenue> {
  return new CcxtStreamVenue(config, dependencies, await dependencies.credentials.find(config.credentialRef));
}

class CcxtStreamVenue extends CcxtVenueAccount implements StreamVenue {
  async openClient(): Promise<StreamClient> {
    return new CcxtStreamClient(await this.client.openStreaming(), this.capability.streams);
  }

  async tapeSource(symbol: string): Promise<TapeSource | null> {
    const market = await this.client.market(symbol);
    await this.client.ensureClock();
    return this.capability.tape(this.client, market);
  }
}
