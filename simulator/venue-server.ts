import { ADMIN_PATH, AdminApi } from './admin/admin-api.ts';
import type { VenueConfig } from './config.ts';
import { WireServer } from './http/wire-server.ts';
import { BinanceSpotProtocol } from './protocol/binance-spot/protocol.ts';
import { StreamServer } from './protocol/binance-spot/streams/stream-server.ts';
import { RateCounters } from './protocol/binance-spot/weights.ts';
import { type Log, Venue } from './venue.ts';

const CLOSE_GRACE_MS = 5_000;

/** Where a running venue is reached. */
export interface VenueAddresses {
  readonly id: string;
  readonly protocol: string;
  readonly rest: string;
  readonly ws: string;
  readonly admin: string;
}

/** A venue that listens: exchange protocol, streams and admin interface on one port. */
export class VenueServer {
  readonly addresses: VenueAddresses;
  readonly #venue: Venue;
  readonly #server: WireServer;
  readonly #streams: StreamServer;

  private constructor(venue: Venue, server: WireServer, streams: StreamServer, addresses: VenueAddresses) {
    this.#venue = venue;
    this.#server = server;
    this.#streams = streams;
    this.addresses = addresses;
  }

  /** Opens the venue and listens. `onFailure` is told when the venue can go on no longer. */
  static async start(
    config: VenueConfig,
    options: { log: Log; onFailure: (error: Error) => void },
  ): Promise<VenueServer> {
    const venue = await Venue.open(config, options);
    const rates = new RateCounters(config.limits);
    const protocol = new BinanceSpotProtocol(venue, rates);
    const admin = new AdminApi(venue, protocol.requests);
    const streams = new StreamServer(venue, rates);
    const server = new WireServer(
      (request) => (request.path.startsWith(`${ADMIN_PATH}/`) ? admin.handle(request) : protocol.handle(request)),
      (request, socket, head) => streams.upgrade(request, socket, head),
    );
    try {
      const port = await server.listen(config.host, config.port);
      const address = `${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
      return new VenueServer(venue, server, streams, {
        id: config.id,
        protocol: config.protocol,
        rest: `http://${address}`,
        ws: `ws://${address}`,
        admin: `http://${address}${ADMIN_PATH}`,
      });
    } catch (error) {
      await venue.close();
      throw error;
    }
  }

  /** Ends the streams, answers what is in hand, then closes the journal. */
  async close(): Promise<void> {
    // The server waits for every connection, and a stream ends only when it is told to.
    await Promise.all([this.#server.close(CLOSE_GRACE_MS), this.#streams.close(CLOSE_GRACE_MS)]);
    await this.#venue.close();
  }
}
