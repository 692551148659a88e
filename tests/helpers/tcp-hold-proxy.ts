import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { FrontendMessages, saysReady, statementOf } from './tcp-hold-proxy-messages.ts';

/**
 * Where a transaction is held. `before`: the database never sees the COMMIT. `after`: the database has committed, and its client never
 * learns of it. A statement outside a transaction commits itself, and is held in place of a COMMIT.
 */
export interface HoldPoint {
  /** Part of the text of one statement of the transaction. */
  readonly statement: string;
  readonly at: 'before' | 'after';
}

/** A hold that was asked for. It lasts until the client dies: what it holds is never let through. */
export interface Hold {
  /** Resolves when a transaction is being held. */
  readonly reached: Promise<void>;
  /** Whether a transaction is being held. */
  isReached(): boolean;
}

/** A TCP proxy in front of a PostgreSQL server that can hold a commit. */
export interface HoldProxy {
  /** The address of the same database through the proxy. */
  readonly url: string;
  /** Holds the next transaction that comes to this point; only that one. */
  holdNext(point: HoldPoint): Hold;
  /** Cuts all connections and closes. */
  close(): Promise<void>;
}

interface ArmedHold extends HoldPoint {
  reach(): void;
}

/** Starts a proxy on a free port of this machine. `databaseUrl` must not ask for TLS. */
export async function startHoldProxy(databaseUrl: string): Promise<HoldProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: ArmedHold | null = null;
  const take = (point: ArmedHold) => {
    if (armed === point) armed = null;
  };
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // A socket that breaks is closed, and its partner with it.
      socket.on('error', () => undefined);
    }
    client.once('close', () => {
      sockets.delete(client);
      upstream.destroy();
    });
    upstream.once('close', () => {
      sockets.delete(upstream);
      client.destroy();
    });
    relay(client, upstream, () => armed, take);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    holdNext(point) {
      let isReached = false;
      const reached = new Promise<void>((resolve) => {
        armed = {
          ...point,
          reach: () => {
            isReached = true;
            resolve();
          },
        };
      });
      return { reached, isReached: () => isReached };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One connection: everything passes, until the armed hold is reached here. */
function relay(
  client: Socket,
  upstream: Socket,
  armedNow: () => ArmedHold | null,
  take: (hold: ArmedHold) => void,
): void {
  const messages = new FrontendMessages();
  let inTransaction = false;
  let matched: ArmedHold | null = null;
  let holding: ArmedHold | null = null;
  let answers: Buffer = Buffer.alloc(0);

  /** The hold that this message reaches, if any. */
  const holdAt = (statement: string): ArmedHold | null => {
    const armed = armedNow();
    if (statement === 'begin') inTransaction = true;
    if (armed !== null && statement.includes(armed.statement)) matched = armed;
    const commits = inTransaction ? statement === 'commit' : matched !== null;
    const reached = commits && matched !== null && matched === armed ? matched : null;
    if (statement === 'commit' || statement === 'rollback') {
      inTransaction = false;
      matched = null;
    }
    return reached;
  };

  client.on('data', (bytes: Buffer) => {
    for (const message of messages.take(bytes)) {
      // The client waits for an answer before it asks again, so what follows belongs to the transaction that is held.
      if (holding?.at === 'before') return;
      const statement = statementOf(message);
      const reached = statement === null || holding !== null ? null : holdAt(statement);
      if (reached !== null) {
        holding = reached;
        take(reached);
        if (reached.at === 'before') {
          reached.reach();
          return;
        }
      }
      upstream.write(message);
    }
  });
  upstream.on('data', (bytes: Buffer) => {
    if (holding === null) {
      client.write(bytes);
      return;
    }
    answers = Buffer.concat([answers, bytes]);
    if (saysReady(answers)) holding.reach();
  });
}
