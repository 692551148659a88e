import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { decisionsUpTo } from '../../../adapters/comparisons/decisions-up-to.ts';
import { insertSession } from './session-row.ts';
import { openStorage, START, type Storage } from './storage.ts';

const QUARTER = 900_000;
const SYMBOLS = ['BTC/USDT', 'ETH/USDT'];

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);

async function decide(id: string, bar: number): Promise<void> {
  for (const symbol of SYMBOLS)
    await storage.database.query(
      'insert into session_decisions (session_id, bar, symbol, decision, signals) values ($1, $2, $3, $4, 0)',
      [id, new Date(START + bar * QUARTER), symbol, JSON.stringify({ bar, symbol })],
    );
}

it('reads the decisions up to a bar, each once, however many are made meanwhile and wherever pages end', async () => {
  for (const id of ['s1', 's2'])
    await insertSession(storage.database, id, { symbols: SYMBOLS, timeframe: '15m', firstCandle: START });
  for (let bar = 0; bar < 4; bar += 1) await decide('s1', bar);
  await decide('s2', 1);
  const told = [0, 1, 2].flatMap((bar) => SYMBOLS.map((symbol) => ({ bar, symbol })));
  // Six are wanted: pages end within a bar, between two, with the last, and behind it.
  for (const page of [1, 2, 3, 4, 6, 7])
    await expect(decisionsUpTo(storage.database, 's1', START + 2 * QUARTER, page)).resolves.toEqual(told);
  await expect(decisionsUpTo(storage.database, 's1', START - 1)).resolves.toEqual([]);
});
