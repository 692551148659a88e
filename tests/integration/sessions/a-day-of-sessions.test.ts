import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LiveSession, QUICK_SESSION } from '../../helpers/live-session.ts';
import { startStack, type TestStack } from '../../helpers/stack.ts';

jest.setTimeout(600_000);

const MINUTE_MS = 60_000;
/** What a session needs at least to buy something before its hours end. */
const OPEN_FOR_MS = 45_000;

/** Buys whenever nothing is held, with a stop far away. */
const BUYS = `export default { id: 'buys', title: 'Buys', params: [], prepare: () => (context) => {
  if (context.position.size === 0) context.buy({ stopLoss: context.bar.close.now * 0.9 });
} };
`;

let stack: TestStack;
let file: string;
beforeAll(async () => {
  stack = await startStack();
  file = join(stack.home, 'buys.mjs');
  writeFileSync(file, BUYS);
}, 300_000);
afterAll(() => stack?.stop());

const specOf = (changes: object): object => ({
  ...QUICK_SESSION,
  sizing: { kind: 'units', value: 0.001 },
  capital: '1000',
  ...changes,
});
const buying = (changes: object): Promise<LiveSession> =>
  LiveSession.start(stack, specOf({ strategy: { file, params: {} }, ...changes }));

/** `HH:MM` in UTC. */
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const windows = (from: number, to: number): object => ({
  hours: { kind: 'windows', zone: 'UTC', windows: [{ from: clock(from), to: clock(to) }] },
});

describe('sessions of one account', () => {
  it('sell at the end of their hours, and open nothing outside of them', async () => {
    const endsAt = Math.ceil((Date.now() + OPEN_FOR_MS) / MINUTE_MS) * MINUTE_MS;
    const inside = await buying({ ...windows(endsAt - 60 * MINUTE_MS, endsAt), atClose: 'flatten' });
    const outside = await buying(windows(endsAt + 300 * MINUTE_MS, endsAt + 360 * MINUTE_MS));
    await inside.when('holds', ({ positions }) => positions[0]?.units > 0);
    const closed = await inside.when(
      'has sold, and decided on',
      (view) => Date.parse(view.lastBar) >= endsAt + 15_000,
      180_000,
    );
    expect(closed).toMatchObject({
      status: 'running',
      positions: [{ units: 0 }],
      openOrders: 0,
      settled: true,
      block: null,
    });
    const journal = await inside.list('journal');
    // Said once more while the first was under way, it sells nothing twice.
    expect(new Set(journal.flatMap(({ kind, reason }) => (kind === 'flatten' ? [reason] : [])))).toEqual(
      new Set(['HOURS']),
    );
    const late = (await inside.list('decisions')).filter(({ closedAt }) => Date.parse(closedAt) >= endsAt);
    expect(new Set(late.map(({ mode, blocked }) => `${mode} ${blocked}`))).toEqual(new Set(['exits HOURS']));
    // Its stop went first: the last sell is the one at market, and nothing of the stop has traded.
    const sells = (await inside.list('orders')).filter(({ side }) => side === 'sell');
    expect(sells.filter(({ kind, filled }) => kind === 'stop' && filled !== '0')).toEqual([]);
    expect(await inside.list('trades')).toHaveLength(1);

    const watching = await outside.view();
    expect(watching).toMatchObject({ status: 'running', fillsTaken: 0, openOrders: 0, block: null });
    expect(watching.bars).toBeGreaterThan(5);
    const decisions = await outside.list('decisions');
    expect(new Set(decisions.map(({ mode, blocked }) => `${mode} ${blocked}`))).toEqual(new Set(['exits HOURS']));
    expect(decisions.flatMap(({ signals }) => signals).every(({ outcome }) => outcome === 'blocked')).toBe(true);
    expect(await outside.list('orders')).toEqual([]);
    for (const session of [inside, outside]) await session.command('stop', { mode: 'flatten' });
  });

  it('trade several symbols from one cash', async () => {
    const session = await buying({ symbols: ['BTC/USDT', 'ETH/USDT'], sizing: { kind: 'cash', value: 100 } });
    await session.when(
      'holds both',
      ({ positions }) => positions.length === 2 && positions.every((each: { units: number }) => each.units > 0),
    );
    await session.command('stop', { mode: 'flatten' });
    const end = await session.when('has stopped', ({ status }) => status === 'stopped');
    expect(end).toMatchObject({ openOrders: 0, settled: true, problem: null, positions: [{ units: 0 }, { units: 0 }] });
    expect(new Set((await session.list('trades')).map(({ symbol }) => symbol))).toEqual(
      new Set(['BTC/USDT', 'ETH/USDT']),
    );
    const decisions = await session.list('decisions');
    const bars = new Map<string, string[]>();
    for (const { bar, symbol } of decisions) bars.set(bar, [...(bars.get(bar) ?? []), symbol]);
    // Each bar was decided once for each symbol.
    expect([...bars.values()].every((symbols) => symbols.length === 2 && new Set(symbols).size === 2)).toBe(true);
  });
});
