import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { StreamConnection } from '../../../simulator/protocol/binance-spot/streams/connection.ts';
import { StreamClient } from '../support/stream-client.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

describe('a connection', () => {
  let server: WebSocketServer;
  let now: number;
  let log: string[];

  beforeEach(async () => {
    now = 0;
    log = [];
    server = new WebSocketServer({ port: 0, perMessageDeflate: false });
    await once(server, 'listening');
  });

  afterEach(() => {
    server.close();
  });

  const connect = async (options: { readonly autoPong?: boolean } = {}) => {
    const accepted = once(server, 'connection');
    const client = await StreamClient.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
    const [socket] = await accepted;
    const heard: string[] = [];
    const connection = new StreamConnection(socket, {
      endpoint: 'stream.public',
      metFaults: new Set(),
      now: () => now,
      log: (message) => log.push(message),
      heard: (text) => heard.push(text),
      closed: () => undefined,
    });
    return { client, connection, socket, heard };
  };

  it('is pinged every 20 seconds and lives as long as it answers', async () => {
    const { client, connection, socket } = await connect();
    for (let round = 1; round <= 6; round += 1) {
      const pinged = once(client.socket, 'ping');
      const answered = once(socket, 'pong');
      now += 20 * SECOND_MS;
      connection.beat(now - 1);
      connection.beat(now);
      await pinged;
      await answered;
    }
    expect(connection.open).toBe(true);
    await client.close();
  });

  it('is cut when a ping is not answered within a minute', async () => {
    const { client, connection } = await connect({ autoPong: false });
    now = 20 * SECOND_MS;
    connection.beat(now);
    now = 80 * SECOND_MS - 1;
    connection.beat(now);
    expect(connection.open).toBe(true);
    now = 80 * SECOND_MS;
    connection.beat(now);
    expect(await client.closed).toBe(1006);
  });

  it('ends after 24 hours', async () => {
    const { client, connection } = await connect();
    now = 24 * HOUR_MS - 1;
    connection.beat(now);
    expect(connection.open).toBe(true);
    now = 24 * HOUR_MS;
    connection.beat(now);
    expect(await client.closed).toBe(1001);
  });

  it('hears five messages in any second', async () => {
    const { client, heard, socket } = await connect();
    const say = async (text: string) => {
      const arrived = once(socket, 'message');
      client.send(text);
      await arrived;
    };
    for (let second = 1; second <= 3; second += 1) {
      for (const word of ['a', 'b', 'c', 'd', 'e']) await say(word);
      now += SECOND_MS;
    }
    expect(heard).toHaveLength(15);
    for (const word of ['a', 'b', 'c', 'd', 'e', 'f']) await say(word);
    expect(await client.closed).toBe(1008);
    expect(heard).toHaveLength(20);
  });

  it('is cut, and the log says so, when the client leaves more than 4 MiB unread', async () => {
    const { client, connection } = await connect();
    client.socket.pause();
    const text = JSON.stringify('x'.repeat(1_048_576));
    // The network takes a few of them before they pile up here.
    let sent = 0;
    while (connection.open && sent < 100) {
      connection.send(text);
      sent += 1;
    }
    expect(sent).toBeGreaterThanOrEqual(5);
    expect(connection.open).toBe(false);
    expect(log).toEqual([expect.stringMatching(/^cut off a client of stream\.public that left \d{7,} bytes unread$/)]);
    client.socket.resume();
    expect(await client.closed).toBe(1006);
  });
});
