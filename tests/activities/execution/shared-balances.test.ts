import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import type { Balance } from '../../../adapters/ports/venue.ts';
import { SharedBalances } from '../../../adapters/venues/shared-balances.ts';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import { Bench, firstChild, plan, START } from '../fakes/bench.ts';
import { MemoryStore } from '../fakes/memory-store.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  const shared = new SharedBalances(
    () => bench.venue.balances(),
    () => bench.clock.now(),
  );
  bench.venue.recentBalances = (maxAgeMs = 0) => shared.within(maxAgeMs);
});

const usdt = (free: string): readonly Balance[] => [{ asset: 'USDT', free, locked: '0' }];
const looks = (): number => bench.venue.reads.filter((read) => read === 'balances').length;

/** The first slice of another execution: 0.25 BTC for about 15,000 USDT. */
const childOf = (executionId: string): ChildCommand => ({ ...firstChild, plan: { ...plan, executionId } });

const run = (executionId: string) => executeChild(bench.deps(), childOf(executionId));

describe('orders that come at the same time', () => {
  it('are decided on one look at the balances', async () => {
    for (const id of ['e1', 'e2', 'e3']) expect(await run(id)).toMatchObject({ result: 'filled' });
    expect(looks()).toBe(1);
    bench.clock.advance(2_000);
    expect(await run('e4')).toMatchObject({ result: 'filled' });
    expect(looks()).toBe(2);
  });

  it('hold back what ended orders have taken that the balances do not show', async () => {
    // Enough for one at the limit price and the fee, and not for two.
    bench.venue.free = usdt('20000');
    expect(await run('e1')).toMatchObject({ result: 'filled' });
    bench.clock.advance(10);
    // Only somebody who looks sees that the first has been paid.
    bench.venue.free = usdt('5000');
    expect(await run('e2')).toMatchObject({ result: 'refused', problem: { code: 'BALANCE_INSUFFICIENT' } });
    expect(bench.venue.sent).toHaveLength(1);
    expect(looks()).toBe(2);
  });

  it('look for themselves before money is missing', async () => {
    bench.venue.free = usdt('20000');
    expect(await run('e1')).toMatchObject({ result: 'filled' });
    // Somebody has paid in.
    bench.venue.free = usdt('40000');
    bench.clock.advance(10);
    expect(await run('e2')).toMatchObject({ result: 'filled' });
    expect(bench.ledger.decisions.get('e2|1|1')).toMatchObject({ action: 'send' });
    expect(looks()).toBe(2);
  });

  it('look together, once a second at most, while money is missing', async () => {
    bench.venue.free = usdt('20000');
    expect(await run('e0')).toMatchObject({ result: 'filled' });
    bench.clock.advance(10);
    bench.venue.free = usdt('5000');
    // A look takes as long as a request does.
    const read = bench.venue.balances.bind(bench.venue);
    bench.venue.balances = async () => {
      const seen = await read();
      await new Promise(setImmediate);
      return seen;
    };
    const sleeping: (() => void)[] = [];
    const wait = (ms: number): Promise<void> => {
      expect(ms).toBe(990);
      return new Promise((resolve) => void sleeping.push(resolve));
    };
    const ids = Array.from({ length: 20 }, (_, k) => `e${k + 1}`);
    const running = Promise.all(ids.map((id) => executeChild(bench.deps({ wait }), childOf(id))));
    for (let turn = 0; turn < 1_000 && sleeping.length < ids.length; turn += 1) await new Promise(setImmediate);
    expect(looks()).toBe(1);
    bench.clock.advance(990);
    for (const wake of sleeping) wake();
    for (const outcome of await running) expect(outcome).toMatchObject({ problem: { code: 'BALANCE_INSUFFICIENT' } });
    // 20 weight each on Binance, of 6,000 a minute.
    expect(looks()).toBe(2);
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('are not decided on a look that began before they did when money is missing on it', async () => {
    bench.venue.free = usdt('5000');
    expect(await run('e1')).toMatchObject({ problem: { code: 'BALANCE_INSUFFICIENT' } });
    expect(looks()).toBe(1);
    // Somebody has paid in.
    bench.venue.free = usdt('40000');
    bench.clock.advance(10);
    expect(await run('e2')).toMatchObject({ result: 'filled' });
    expect(looks()).toBe(2);
  });

  it('do not look again for what no balance mends', async () => {
    expect(await run('e1')).toMatchObject({ result: 'filled' });
    bench.ledger.halts = [{ id: 'h', scope: 'all', target: null, reason: 'a drill', setAt: START }];
    expect(await run('e2')).toMatchObject({ result: 'refused', problem: { code: 'HALTED' } });
    expect(looks()).toBe(1);
  });

  it('send nothing when the balances cannot be read', async () => {
    bench.venue.fail('balances', 1);
    await expect(run('e1')).rejects.toThrow('balances gave no answer');
    expect(bench.venue.sent).toHaveLength(0);
  });
});

describe('an order that waits at the touch', () => {
  /** 0.25 BTC at 59,999: 14,999.75 USDT, and 14.99975 for the fee, which no venue locks. */
  const held = { free: '15100', locked: '14999.75' };

  /** It waits for as long as the next order is decided. */
  async function whileItWaits(free: string, locked: string): Promise<Awaited<ReturnType<typeof run>>> {
    bench.venue.free = usdt('30099.75');
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    const store = new MemoryStore();
    store.record = { ...store.record, status: 'running' };
    const dying = bench.deps({ store, rest: () => Promise.reject(new Error('killed')) });
    await expect(executeChild(dying, { ...childOf('e1'), role: 'maker' })).rejects.toThrow('killed');
    bench.clock.advance(2_001);
    bench.venue.free = [{ asset: 'USDT', free, locked }];
    bench.venue.readMs.balances = 5;
    bench.venue.onSend = bench.venue.fillWhole;
    return run('e2');
  }

  it('holds back what the venue does not lock for it, and not again what it does', async () => {
    // The next one needs 0.25 at 60,061.00 (60,001 and 10 bps) and the fee: 15,030.27 of 15,100 - 15.00.
    expect(await whileItWaits(held.free, held.locked)).toMatchObject({ result: 'filled' });
  });

  it('holds back its fee', async () => {
    // 15,040 - 15.00 is 15,025: 5 too few.
    expect(await whileItWaits('15040', held.locked)).toMatchObject({
      result: 'refused',
      problem: { code: 'BALANCE_INSUFFICIENT' },
    });
  });

  it('holds back all of itself while the venue shows nothing locked', async () => {
    expect(await whileItWaits('30000', '0')).toMatchObject({
      result: 'refused',
      problem: { code: 'BALANCE_INSUFFICIENT' },
    });
  });
});

describe('trades that the answer to an order tells', () => {
  const reads = (name: string): number => bench.venue.reads.filter((read) => read === name).length;
  const answerWith = (quantities: readonly string[]): void => {
    bench.venue.onSend = (order) => {
      const filled = bench.venue.fill(bench.venue.place(order), order.quantity);
      const fills = quantities.map((quantity, k) => ({
        tradeId: `${101 + k}`,
        orderId: filled.orderId,
        symbol: order.symbol,
        side: order.side,
        price: '60001',
        quantity,
        fee: '0.01',
        feeAsset: 'USDT',
        maker: false,
        at: START,
      }));
      return { kind: 'acknowledged', order: filled, fills };
    };
  };

  it('are stored without asking for them when they add up', async () => {
    answerWith(['0.25']);
    expect(await run('e1')).toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(reads('fillsOfOrder')).toBe(0);
    expect([...bench.ledger.fills.values()].map(({ tradeId }) => tradeId)).toEqual(['101']);
  });

  it('are asked for when the answer tells fewer than the order has', async () => {
    answerWith(['0.1']);
    expect(await run('e1')).toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(reads('fillsOfOrder')).toBe(1);
  });
});
