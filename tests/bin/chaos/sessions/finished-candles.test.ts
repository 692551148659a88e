import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { finishedCloses } from '../../../../bin/chaos/sessions/finished-candles.ts';

/** An exchange with a candle for each second, which closes at the number of the second. */
describe('finished candles of the exchange', () => {
  let server: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      const query = new URL(request.url!, 'http://exchange').searchParams;
      const from = Number(query.get('startTime'));
      const rows = Array.from({ length: Number(query.get('limit')) }, (_, i) => [
        from + i * 1_000,
        '0',
        '0',
        '0',
        String(from / 1_000 + i),
      ]);
      response.end(JSON.stringify(rows));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('close as the last of their seconds, however many requests it takes', async () => {
    const rest = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const closes = await finishedCloses({ rest }, 'BTC/USDT', { from: 10_000, until: 1_500_000, barMs: 5_000 });
    // Bars open from second 10 to second 1,500: (1500 - 10) / 5 + 1.
    expect(closes.size).toBe(299);
    expect(closes.get(10_000)).toBe(14);
    expect(closes.get(1_005_000)).toBe(1_009);
    expect(closes.get(1_500_000)).toBe(1_504);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('symbol=BTCUSDT&interval=1s&startTime=10000');
  });
});
