import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request with everything exactly as it came: signatures are taken over these bytes. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly header: (name: string) => string | undefined;
}

/** What goes back, or `dropped`: the connection is destroyed and the client never learns what happened. */
export type WireAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | 'dropped';

/** Takes over a connection that asks to speak another protocol, with the bytes that it has already sent beyond the request. */
export type TakeOver = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const MAX_BODY_BYTES = 65_536;

/** A small HTTP server: one handler, raw requests in, whole answers out, and connections that can be cut. */
export class WireServer {
  readonly #server: Server;
  readonly #inFlight = new Set<Promise<void>>();

  /** Without `takeOver` a request for another protocol is served as if it had not asked. */
  constructor(handle: (request: WireRequest) => Promise<WireAnswer>, takeOver?: TakeOver) {
    this.#server = createServer((request, response) => {
      const work = serve(request, response, handle);
      this.#inFlight.add(work);
      void work.finally(() => this.#inFlight.delete(work));
    });
    this.#server.keepAliveTimeout = 65_000;
    if (takeOver !== undefined) this.#server.on('upgrade', takeOver);
  }

  /** Listens and gives the port, which is a free one when `port` is 0. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no new connections, lets the requests in hand be answered for up to `graceMs`, then cuts what is left. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#inFlight), grace]);
    clearTimeout(timer);
    this.#server.closeAllConnections();
    await closed;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: WireRequest) => Promise<WireAnswer>,
): Promise<void> {
  try {
    const body = await readBody(request);
    const [path, query] = splitOnce(request.url ?? '/', '?');
    const answer =
      body === null
        ? ({ status: 413, headers: {}, body: '' } as const)
        : await handle({
            method: request.method ?? 'GET',
            path,
            query,
            body,
            header: (name) => {
              const value = request.headers[name];
              return Array.isArray(value) ? value[0] : value;
            },
          });
    if (answer === 'dropped') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  } catch {
    // The client is gone, or what was asked could not be put on record: no answer is the only honest one.
    request.socket.destroy();
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
