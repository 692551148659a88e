import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { limitArrival } from '../../api/request-arrival.ts';

let app: FastifyInstance;
let sockets: Socket[];
beforeEach(async () => {
  sockets = [];
  app = Fastify();
  limitArrival(app, 50);
  app.post('/quick', async () => 'taken');
  app.post('/file', { config: { arrivesSlowly: true } }, async () => 'taken');
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await app.close();
});

/** Sends a request whose body lacks its last byte. */
async function begin(path: string): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{`);
  return socket;
}

describe('a request that does not arrive whole', () => {
  it('ends its connection', async () => {
    const socket = await begin('/quick');
    const answers: string[] = [];
    socket.on('data', (data: Buffer) => answers.push(data.toString()));
    await once(socket, 'close');
    expect(answers.join('')).not.toContain('taken');
  });

  it('is waited for when it is a file', async () => {
    const slow = await begin('/file');
    // The other one has been begun later and is given up: so the time of this one is over.
    await once(await begin('/quick'), 'close');
    slow.write('}');
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(answer.toString()).toContain('taken');
  });
});
