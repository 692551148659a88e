import { ADMIN_PATH, AdminApi } from './admin/admin-api.ts';
import type { VenueConfig } from './config.ts';
import { WireServer } from './http/wire-server.ts';
import { BinanceSpotProtocol } from './protocol/binance-spot/protocol.ts';
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

/** A venue that listens: exchange protocol and admin interface on one port. */
export class VenueServer {
  readonly addresses: VenueAddresses;
  readonly #venue: Venue;
  readonly #server: WireServer;

  private constructor(venue: Venue, server: WireServer, addresses: VenueAddresses) {
    this.#venue = venue;
    this.#server = server;
    this.addresses = addresses;
  }

  /** Opens the venue and listens. `onFailure` is told when the venue can go on no longer. */
  static async start(
    config: VenueConfig,
    options: { log: Log; onFailure: (error: Error) => void },
  ): Promise<VenueServer> {
    const venue = await Venue.open(config, options);
    const protocol = new BinanceSpotProtocol(venue);
    const admin = new AdminApi(venue, protocol.requests);
    const server = new WireServer((request) =>
      request.path.startsWith(`${ADMIN_PATH}/`) ? admin.handle(request) : protocol.handle(request),
    );
    try {
      const port = await server.listen(config.host, config.port);
      const address = `${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
      return new VenueServer(venue, server, {
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

  /** Answers what is in hand, then closes the journal. */
  async close(): Promise<void> {
    await this.#server.close(CLOSE_GRACE_MS);
    await this.#venue.close();
  }
}
