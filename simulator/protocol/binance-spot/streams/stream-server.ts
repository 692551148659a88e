import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EpochMs } from '../../../../domain/market/decimal.ts';
import { StreamFaults } from '../../../faults/stream-faults.ts';
import type { Venue } from '../../../venue.ts';
import type { RateCounters } from '../weights.ts';
import { BEAT_MS, StreamConnection } from './connection.ts';
import { Outbox } from './outbox.ts';
import { PublicStreams } from './public-streams.ts';
import { Pulse } from './publisher.ts';
import { UserStreams } from './user-streams.ts';
import { WebSocketApi } from './websocket-api.ts';

const MAX_MESSAGE_BYTES = 65_536;

/** What a connection asks for by its address. */
type Address =
  | { readonly endpoint: 'stream.public'; readonly combined: boolean; readonly streams: readonly string[] }
  | { readonly endpoint: 'stream.user' };

/** Binance's WebSocket side over one venue: public streams, and user data on the WebSocket API. */
export class StreamServer {
  readonly #venue: Venue;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #connections = new Set<StreamConnection>();
  readonly #faults: StreamFaults;
  readonly #outbox: Outbox;
  readonly #public: PublicStreams;
  readonly #user: UserStreams;
  readonly #api: WebSocketApi;
  readonly #beat: Pulse;
  readonly #unfollow: () => void;
  #closing = false;

  /** `rates` are those of everything that a client asks of the venue, by whatever way. */
  constructor(venue: Venue, rates: RateCounters) {
    this.#venue = venue;
    this.#faults = new StreamFaults(venue.faults);
    this.#outbox = new Outbox(() => venue.flushed());
    const tell = (at: EpochMs) => at + venue.faults.clockSkewMs(at);
    this.#public = new PublicStreams(venue, this.#faults, this.#outbox, tell);
    this.#user = new UserStreams(venue, this.#faults, this.#outbox, tell);
    this.#api = new WebSocketApi(venue, rates, this.#user, tell);
    this.#beat = new Pulse(BEAT_MS, venue.clock.now());
    this.#unfollow = venue.follow({
      recorded: (record) => this.#user.recorded(record),
      turned: (now) => this.#turned(now),
    });
  }

  /** Takes an HTTP connection over that asks to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = addressOf(request.url ?? '/');
    socket.on('error', () => socket.destroy());
    if (address === null) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const metFaults = new Set<string>();
    if (this.#closing || this.#faults.cuts(address.endpoint, metFaults, this.#venue.clock.now())) {
      socket.destroy();
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#enter(webSocket, address, metFaults));
  }

  /** Says goodbye to everybody, and cuts off who has not gone after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    this.#unfollow();
    await this.#outbox.settled();
    const notice = JSON.stringify({ e: 'serverShutdown', E: this.#venue.clock.now() });
    for (const connection of this.#connections) {
      connection.send(notice);
      connection.end('the venue shuts down');
    }
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.cut();
    }, graceMs);
    await Promise.all([...this.#sockets.clients].map((client) => gone(client)));
    clearTimeout(timer);
    this.#sockets.close();
  }

  #enter(webSocket: WebSocket, address: Address, metFaults: Set<string>): void {
    const connection: StreamConnection = new StreamConnection(webSocket, {
      endpoint: address.endpoint,
      metFaults,
      now: () => this.#venue.clock.now(),
      log: (message) => this.#venue.log(message),
      heard: (text) => this.#heard(connection, text),
      closed: () => this.#leave(connection),
    });
    this.#connections.add(connection);
    if (address.endpoint === 'stream.public') this.#public.enter(connection, address);
  }

  #heard(connection: StreamConnection, text: string): void {
    if (connection.endpoint === 'stream.public') {
      this.#public.heard(connection, text);
      return;
    }
    this.#api.heard(connection, text).catch((error: unknown) => this.#venue.fail(error));
  }

  #leave(connection: StreamConnection): void {
    this.#connections.delete(connection);
    this.#public.leave(connection);
    this.#user.unsubscribe(connection);
  }

  #turned(now: EpochMs): void {
    if (this.#connections.size === 0) return;
    for (const connection of this.#connections) {
      if (this.#faults.cuts(connection.endpoint, connection.metFaults, now)) connection.cut();
    }
    if (this.#beat.due(now)) for (const connection of this.#connections) connection.beat(now);
    this.#public.turned(now);
    this.#outbox.release();
  }
}

/** Names of streams may stand in the path (`/ws/btcusdt@trade`) or, for combined ones, in the query (`/stream?streams=a/b`). */
function addressOf(url: string): Address | null {
  const { pathname, searchParams } = new URL(url, 'ws://venue');
  if (pathname === '/ws-api/v3') return { endpoint: 'stream.user' };
  const plain = /^(?:\/stream)?\/ws(?:\/(.*))?$/.exec(pathname);
  if (plain !== null) return { endpoint: 'stream.public', combined: false, streams: namesIn(plain[1]) };
  if (pathname !== '/stream') return null;
  return { endpoint: 'stream.public', combined: true, streams: namesIn(searchParams.get('streams')) };
}

function namesIn(list: string | null | undefined): readonly string[] {
  return (list ?? '').split('/').filter((name) => name !== '');
}

async function gone(client: WebSocket): Promise<void> {
  if (client.readyState === client.CLOSED) return;
  await new Promise<void>((resolve) => client.once('close', () => resolve()));
}
