import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Big from 'big.js';
import { LiveSession } from '../helpers/live-session.ts';
import { startStack, type TestStack } from '../helpers/stack.ts';

jest.setTimeout(600_000);

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
}, 180_000);
afterAll(() => stack?.stop());

const BAR_MS = 5_000;

describe('a session on bars of five seconds', () => {
  it('goes on after kill -9 of its workers: no bar without a word, no order twice, its stop stays, the ledger agrees', async () => {
    const session = await LiveSession.start(stack);
    // In the middle of a position, with its stop at the venue.
    await session.when('holds a protected position', ({ positions, settled }) => settled && positions[0]?.units > 0);
    const stopsBefore = (await session.ledger()).orders.filter(
      ({ stopPrice, status }) => stopPrice !== null && status === 'open',
    );
    expect(stopsBefore).toHaveLength(1);
    const { bars } = await session.view();
    stack.kill('trading');
    stack.kill('venue');
    await Promise.all([stack.waitRestarted('trading'), stack.waitRestarted('venue')]);
    await session.when('decides again', (view) => view.bars >= bars + 4);
    // Left with nothing in the account that was not there before.
    await session.command('stop', { mode: 'flatten' });
    const end = await session.when('has stopped', ({ status }) => status === 'stopped');
    expect(end).toMatchObject({ openOrders: 0, settled: true, problem: null });

    const decisions = (await session.list('decisions')).map(({ bar }) => Date.parse(bar)).toSorted((a, b) => a - b);
    expect(decisions).toEqual(decisions.map((_, i) => decisions[0]! + i * BAR_MS));
    const { orders, fills } = await session.ledger();
    expect(new Set(orders.map(({ clientOrderId }) => clientOrderId)).size).toBe(orders.length);
    expect(orders.filter(({ status }) => status === 'open')).toEqual([]);
    // Each fill of the venue is in the books, and what is held is nothing but what no order could sell.
    expect(end.fillsTaken).toBe(fills.length);
    expect(end.positions.every(({ units }: { units: number }) => units === 0)).toBe(true);
    expect(new Big(await session.heldAtVenue()).toFixed()).toBe(new Big(end.dust['BTC/USDT'] ?? 0).toFixed());
    expect(await session.list('trades')).not.toEqual([]);
  });
});
