import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { StreamFaults } from '../../../faults/stream-faults.ts';
import type { DrivenMarket, Venue } from '../../../venue.ts';
import type { StreamConnection } from './connection.ts';
import {
  type Control,
  ControlError,
  invalidStream,
  parseControl,
  type RequestId,
  tooManyStreams,
} from './control-messages.ts';
import type { Outbox } from './outbox.ts';
import type { Publisher, Tell } from './publisher.ts';
import { findStream, type OpenStream } from './stream-names.ts';

const MAX_STREAMS = 1_024;

/** What public streams need of a venue. */
export interface StreamedVenue extends Pick<Venue, 'run' | 'fail'> {
  readonly markets: readonly Pick<DrivenMarket, 'listed'>[];
}

/** A client of the public streams. */
interface PublicClient {
  readonly connection: StreamConnection;
  readonly streams: Set<string>;
  /** Whether each message comes with the name of its stream. */
  combined: boolean;
}

/** A stream with at least one subscriber. */
interface Channel {
  readonly publisher: Publisher;
  readonly clients: Set<PublicClient>;
}

/** The public streams of a venue. A stream that nobody has subscribed to does not exist and costs nothing. */
export class PublicStreams {
  readonly #venue: StreamedVenue;
  readonly #faults: StreamFaults;
  readonly #outbox: Outbox;
  readonly #tell: Tell;
  readonly #clients = new Map<StreamConnection, PublicClient>();
  readonly #channels = new Map<string, Channel>();

  constructor(venue: StreamedVenue, faults: StreamFaults, outbox: Outbox, tell: Tell) {
    this.#venue = venue;
    this.#faults = faults;
    this.#outbox = outbox;
    this.#tell = tell;
  }

  /** Takes a new client on; names of streams in the address that mean nothing are passed over. */
  enter(
    connection: StreamConnection,
    options: { readonly combined: boolean; readonly streams: readonly string[] },
  ): void {
    const client: PublicClient = { connection, streams: new Set(), combined: options.combined };
    this.#clients.set(connection, client);
    if (options.streams.length === 0) return;
    this.#inTurn(client, (now) => {
      for (const name of options.streams) {
        const open = this.#find(name);
        if (open !== null && client.streams.size < MAX_STREAMS) this.#subscribe(client, name, open, now);
      }
    });
  }

  leave(connection: StreamConnection): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    for (const name of client.streams) this.#unsubscribe(client, name);
    this.#clients.delete(connection);
  }

  /** Answers what a client has sent. */
  heard(connection: StreamConnection, text: string): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    this.#inTurn(client, (now) => connection.send(this.#answer(client, text, now)));
  }

  /** Queues what there is to tell at the end of a turn. */
  turned(now: EpochMs): void {
    for (const [name, { publisher, clients }] of this.#channels) {
      for (const payload of publisher.turned(now)) this.#publish(name, payload, clients, now);
    }
  }

  #publish(name: string, payload: unknown, clients: ReadonlySet<PublicClient>, now: EpochMs): void {
    const plain = JSON.stringify(payload);
    let combined: string | null = null;
    const isBookUpdate = /@depth(@\d+ms)?$/.test(name);
    for (const client of clients) {
      if (this.#faults.silences('stream.public', now)) continue;
      if (isBookUpdate && this.#faults.skips('stream.public', now)) continue;
      if (client.combined) combined ??= `{"stream":${JSON.stringify(name)},"data":${plain}}`;
      this.#outbox.add(client.connection, client.combined ? (combined ?? plain) : plain);
    }
  }

  /** Does something for a client at the venue's present, unless the client is gone by then. */
  #inTurn(client: PublicClient, act: (now: EpochMs) => void): void {
    const turn = this.#venue.run((now) => {
      if (this.#clients.has(client.connection)) act(now);
    });
    turn.catch((error: unknown) => this.#venue.fail(error));
  }

  #answer(client: PublicClient, text: string, now: EpochMs): string {
    try {
      const control = parseControl(text);
      return JSON.stringify({ result: this.#act(client, control, now), id: control.id });
    } catch (error) {
      if (error instanceof ControlError) return error.answer();
      throw error;
    }
  }

  #act(client: PublicClient, control: Control, now: EpochMs): unknown {
    switch (control.method) {
      case 'SUBSCRIBE':
        this.#subscribeAll(client, control.streams, control.id, now);
        return null;
      case 'UNSUBSCRIBE':
        for (const name of control.streams) this.#unsubscribe(client, name);
        return null;
      case 'LIST_SUBSCRIPTIONS':
        return [...client.streams];
      case 'SET_PROPERTY':
        client.combined = control.combined;
        return null;
      case 'GET_PROPERTY':
        return client.combined;
    }
  }

  /** All of them or none. */
  #subscribeAll(client: PublicClient, names: readonly string[], id: RequestId, now: EpochMs): void {
    const found = names.map((name) => {
      const open = this.#find(name);
      if (open === null) throw invalidStream(name, id);
      return [name, open] as const;
    });
    if (new Set([...client.streams, ...names]).size > MAX_STREAMS) throw tooManyStreams(MAX_STREAMS, id);
    for (const [name, open] of found) this.#subscribe(client, name, open, now);
  }

  #subscribe(client: PublicClient, name: string, open: OpenStream, now: EpochMs): void {
    const channel = this.#channels.get(name) ?? { publisher: open(now, this.#tell), clients: new Set() };
    this.#channels.set(name, channel);
    channel.clients.add(client);
    client.streams.add(name);
  }

  #unsubscribe(client: PublicClient, name: string): void {
    if (!client.streams.delete(name)) return;
    const channel = this.#channels.get(name);
    channel?.clients.delete(client);
    if (channel === undefined || channel.clients.size > 0) return;
    channel.publisher.close();
    this.#channels.delete(name);
  }

  #find(name: string): OpenStream | null {
    return findStream(
      name,
      this.#venue.markets.map(({ listed }) => listed),
    );
  }
}
