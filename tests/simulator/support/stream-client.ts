import { once } from 'node:events';
import { WebSocket } from 'ws';

// The shape of messages is what the tests are about.
// oxlint-disable-next-line typescript/no-explicit-any
export type Message = any;

/** A bare WebSocket client that keeps everything it is sent and lets a test wait for what it expects. */
export class StreamClient {
  readonly socket: WebSocket;
  readonly received: Message[] = [];
  /** Resolves with the code with which the connection ended; 1006 when it was cut. */
  readonly closed: Promise<number>;
  #read = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.received.push(JSON.parse((data as Buffer).toString('utf8')));
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  static async open(url: string, options: { readonly autoPong?: boolean } = {}): Promise<StreamClient> {
    const client = new StreamClient(new WebSocket(url, { autoPong: options.autoPong ?? true }));
    await once(client.socket, 'open');
    return client;
  }

  send(request: unknown): void {
    this.socket.send(typeof request === 'string' ? request : JSON.stringify(request));
  }

  /** The next message that matches, passing over others. Rejects when the connection ends first. */
  async next(matches: (message: Message) => boolean = () => true): Promise<Message> {
    for (;;) {
      while (this.#read < this.received.length) {
        const message = this.received[this.#read];
        this.#read += 1;
        if (matches(message)) return message;
      }
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a request and gives the answer with its id. */
  async ask(request: { readonly id: number | string } & Readonly<Record<string, unknown>>): Promise<Message> {
    this.send(request);
    return this.next((message) => message.id === request.id);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The status with which a venue refuses to open a WebSocket, or `null` when it destroys the connection without a word. */
export async function refusedUpgrade(url: string): Promise<number | null> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error(`${url} was opened`)));
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => resolve(null));
  });
}
