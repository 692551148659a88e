import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FillIntake } from '../../../adapters/ports/fill-intake.ts';
import type { IntentEnd, OrderLedger } from '../../../adapters/ports/order-ledger.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createFillIntake } from '../../../adapters/storage/fill-intake.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import { isUnsettled } from '../../../domain/orders/lifecycle.ts';
import '../../helpers/property-seed.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, type Storage } from './storage.ts';

let storage: Storage;
let ledger: OrderLedger;
let intake: FillIntake;
beforeAll(async () => {
  storage = await openStorage();
  ledger = createOrderLedger(storage.database);
  intake = createFillIntake(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);

async function begin(): Promise<void> {
  await storage.clear();
  await createExecutionStore(storage.database).accept(executionOf('e1'), null);
}
beforeEach(begin);

/** Buys 0.25 BTC as order e1-<child>-1. */
const place = (child: number) =>
  ledger.orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf('e1', child)));
    await transaction.insertIntent(intentOf(keyOf('e1', child)));
  });
const seen = (fill: Fill, clientOrderId: string | null = 'e1-1-1') =>
  intake.acceptStreamFill('sim', fill, clientOrderId, fill.orderId);
const end = (state: IntentEnd['state'], fills: readonly Fill[] = []): IntentEnd => ({
  state,
  venueOrderId: '77',
  fills,
  problem: null,
});
const intent = async (child = 1) => (await ledger.findIntent(keyOf('e1', child)))!;

/** As every reader does it: what is in `fills` is none. */
async function foreignTrades(): Promise<readonly string[]> {
  const { rows } = await storage.database.query<{ trade_id: string }>(
    `select trade_id from foreign_trades t
     where not exists (select 1 from fills f where (f.venue, f.symbol, f.trade_id, f.venue_order_id)
                                                     = (t.venue, t.symbol, t.trade_id, t.venue_order_id))
     order by trade_id`,
  );
  return rows.map((row) => row.trade_id);
}

describe('a trade on a stream', () => {
  it('before the answer proves that the order exists: it works, and can never have been refused or not placed', async () => {
    await place(1);
    await expect(seen(fillOf('1', '0.1'))).resolves.toBe('counted');
    await expect(intent()).resolves.toMatchObject({ state: 'working', venueOrderId: '77', filled: '0.1' });
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.1', open: '0.15' });
    await expect(ledger.endIntent(keyOf('e1'), end('not-placed'))).rejects.toThrow('is working and cannot become');
    await expect(ledger.endIntent(keyOf('e1'), end('refused'))).rejects.toThrow('is working and cannot become');
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'order.intent',
      'order.working',
      'order.fill',
    ]);
  });

  it('is counted once, whichever of stream and look-up shows it first', async () => {
    await place(1);
    await expect(seen(fillOf('1', '0.1'))).resolves.toBe('counted');
    await expect(seen(fillOf('1', '0.1'))).resolves.toBe('known');
    await ledger.endIntent(keyOf('e1'), end('partially-filled', [fillOf('1', '0.1'), fillOf('2', '0.05')]));
    await expect(seen(fillOf('2', '0.05'))).resolves.toBe('known');
    await expect(intent()).resolves.toMatchObject({ state: 'partially-filled', filled: '0.15' });
    await toldOnceEach();
  });

  it('of an ended order is late, and an alarm', async () => {
    await place(1);
    await ledger.endIntent(keyOf('e1'), { ...end('not-placed'), venueOrderId: null });
    await expect(seen(fillOf('1', '0.1'))).resolves.toBe('late');
    await expect(intent()).resolves.toMatchObject({ state: 'not-placed', filled: '0.1', venueOrderId: '77' });
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.1', open: '0' });
    await expect(storage.events('e1')).resolves.toContain('fill.late');
  });

  it('outweighs an older word that the order ended without one', async () => {
    await place(1);
    await seen(fillOf('1', '0.1'));
    await ledger.endIntent(keyOf('e1'), end('expired'));
    await expect(intent()).resolves.toMatchObject({ state: 'partially-filled', filled: '0.1' });
    // The same end again is no contradiction.
    await ledger.endIntent(keyOf('e1'), end('expired'));
  });

  it('that gives no client order id belongs to the order that the venue calls so', async () => {
    await place(1);
    await ledger.markWorking(keyOf('e1'), '77');
    await expect(seen(fillOf('1', '0.1'), null)).resolves.toBe('counted');
    await expect(intent()).resolves.toMatchObject({ filled: '0.1' });
  });

  it('of no order of ours is foreign: kept once, told once, never counted', async () => {
    await place(1);
    const byHand = fillOf('9', '3', { orderId: '900' });
    await expect(seen(byHand, 'web_123')).resolves.toBe('foreign');
    await expect(seen(byHand, 'web_123')).resolves.toBe('known');
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0', open: '0.25' });
    await expect(foreignTrades()).resolves.toEqual(['9']);
    await expect(storage.events('sim')).resolves.toEqual(['trade.foreign']);
  });

  it('that was taken for foreign is ours alone once its order is known', async () => {
    await place(1);
    await expect(seen(fillOf('1', '0.1'), null)).resolves.toBe('foreign');
    await ledger.endIntent(keyOf('e1'), end('partially-filled', [fillOf('1', '0.1')]));
    await expect(foreignTrades()).resolves.toEqual([]);
    await expect(seen(fillOf('1', '0.1'), null)).resolves.toBe('known');
    await expect(foreignTrades()).resolves.toEqual([]);
  });

  it.each<[string, string, Partial<Fill>]>([
    ['another account', 'other', {}],
    ['another symbol', 'sim', { symbol: 'ETH/USDT' }],
    ['the other side', 'sim', { side: 'sell' }],
  ])('of %s is not ours, whatever its client order id', async (_, venue, given) => {
    await place(1);
    await expect(intake.acceptStreamFill(venue, fillOf('1', '0.1', given), 'e1-1-1', '77')).resolves.toBe('foreign');
    await expect(intent()).resolves.toMatchObject({ state: 'sending', filled: '0' });
  });
});

// What may happen to two orders whose trades the venue knows, in any order and two at a time.
type Step =
  | { readonly kind: 'stream'; readonly trade: number; readonly named: boolean }
  | { readonly kind: 'look-up'; readonly trades: readonly number[] }
  | { readonly kind: 'working'; readonly child: number }
  /** The venue says that the order has ended, and shows those of its trades. */
  | { readonly kind: 'end'; readonly child: number; readonly trades: readonly number[] };

/** Trades 0 to 4 of 0.05 each: three of the first order, two of the second. */
const TRADES = [1, 1, 1, 2, 2].map((child, n) => ({
  child,
  fill: fillOf(`t${n}`, '0.05', { orderId: String(70 + child) }),
}));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('stream' as const), trade: fc.nat(4), named: fc.boolean() }),
  fc.record({ kind: fc.constant('look-up' as const), trades: fc.subarray([0, 1, 2, 3, 4]) }),
  fc.record({ kind: fc.constant('working' as const), child: fc.constantFrom(1, 2) }),
  fc.record({
    kind: fc.constant('end' as const),
    child: fc.constantFrom(1, 2),
    trades: fc.subarray([0, 1, 2, 3, 4]),
  }),
);

async function take(given: Step): Promise<void> {
  switch (given.kind) {
    case 'stream': {
      const { child, fill } = TRADES[given.trade]!;
      await seen(fill, given.named ? `e1-${child}-1` : null);
      return;
    }
    case 'look-up':
      for (const child of [1, 2]) {
        await ledger.addLateFills(await intent(child), tradesOf(child, given.trades));
      }
      return;
    case 'working':
      return ledger.markWorking(keyOf('e1', given.child), String(70 + given.child));
    case 'end':
      return ledger.endIntent(keyOf('e1', given.child), {
        ...end(given.trades.length > 0 ? 'partially-filled' : 'expired', tradesOf(given.child, given.trades)),
        venueOrderId: String(70 + given.child),
      });
  }
}

function tradesOf(child: number, among: readonly number[]): readonly Fill[] {
  return TRADES.filter((trade, n) => trade.child === child && among.includes(n)).map(({ fill }) => fill);
}

/** A trade that was not known when its order ended is told as late: what was filled at the end and all late trades are what is filled. */
async function nothingSilent(): Promise<void> {
  const { rows } = await storage.database.query<{ order: string; told: string; filled: string }>(
    `select i.client_order_id as order,
            (select coalesce(sum(coalesce((o.payload ->> 'filled')::numeric, (o.payload ->> 'quantity')::numeric)), 0) from outbox o
              where o.kind in ('order.ended', 'fill.late') and o.payload ->> 'clientOrderId' = i.client_order_id) as told,
            (select coalesce(sum(f.quantity), 0) from fills f where f.client_order_id = i.client_order_id) as filled
     from intents i where i.state not in ('sending', 'working')`,
  );
  expect(rows.map(({ order, told }) => [order, Number(told)])).toEqual(
    rows.map(({ order, filled }) => [order, Number(filled)]),
  );
}

/** Each stored fill has one event, and no event is of a fill that is not stored. */
async function toldOnceEach(): Promise<void> {
  const { rows: stored } = await storage.database.query<{ fill: string }>(
    "select client_order_id || ' ' || trade_id as fill from fills order by 1",
  );
  const { rows: told } = await storage.database.query<{ fill: string }>(
    `select (payload ->> 'clientOrderId') || ' ' || (payload ->> 'tradeId') as fill from outbox
     where kind = 'order.fill' order by 1`,
  );
  expect(told).toEqual(stored);
}

/** Each order's stored fills are a part of its own trades, and what is filled and open is what was ordered, while it can trade. */
async function conserved(): Promise<void> {
  let open = 0;
  let filled = 0;
  for (const child of [1, 2]) {
    const stored = await intent(child);
    filled += Number(stored.filled) * 100;
    if (isUnsettled(stored.state)) open += 25 - Number(stored.filled) * 100;
    if (Number(stored.filled) > 0) expect(stored.state).not.toBe('sending');
  }
  const position = await ledger.position('e1');
  // In hundredths, so that sums of binary numbers compare.
  expect(Math.round(Number(position.filled) * 100)).toBe(Math.round(filled));
  expect(Math.round(Number(position.open) * 100)).toBe(Math.round(open));
}

describe('trades that come by stream, by look-up and with the end of their order', () => {
  it('are counted once each and lost never, in whatever order and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
        await begin();
        await place(1);
        await place(2);
        for (const round of rounds) {
          await Promise.all(round.map(take));
          await conserved();
          await nothingSilent();
          await toldOnceEach();
        }
        const all = [0, 1, 2, 3, 4];
        await Promise.all([1, 2].map((child) => take({ kind: 'end', child, trades: all })));
        await nothingSilent();
        await toldOnceEach();
        // 3 * 0.05 and 2 * 0.05
        await expect(intent(1)).resolves.toMatchObject({ filled: '0.15' });
        await expect(intent(2)).resolves.toMatchObject({ filled: '0.1' });
        await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.25', open: '0' });
        await expect(foreignTrades()).resolves.toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
