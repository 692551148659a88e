import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listedNow } from '../../../bin/terminal/listed-now.ts';

const env = { ...process.env };
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const isAsked = request.url === '/v1/things?limit=2' && request.headers.authorization === 'Bearer k';
    response.statusCode = isAsked ? 200 : 503;
    response.end(JSON.stringify({ items: ['a', 'b'], next: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['TRADEWIND_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['TRADEWIND_API_KEY'] = 'k';
});
afterAll(async () => {
  process.env = env;
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

it('the items of the first page are told', async () => {
  await expect(listedNow(undefined, '/v1/things?limit=2')).resolves.toEqual(['a', 'b']);
});

it('an API that refuses, or that is not there, tells nothing', async () => {
  await expect(listedNow(undefined, '/v1/others')).resolves.toBeNull();
  await new Promise((resolve) => server.close(resolve));
  await expect(listedNow(undefined, '/v1/things?limit=2')).resolves.toBeNull();
});
