import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SharedBlock, SharedWeight, WeightLease } from '../../../adapters/ports/shared-weight.ts';
import { RateBudget } from '../../../adapters/venues/rate-budget.ts';
import { WeightShare } from '../../../adapters/venues/weight-share.ts';

const MINUTE = 60_000;
/** Readers may lease 40 % of it, 400, in blocks of 1 %, 10; a lone reader uses 5 %, 50. */
const LIMIT = 1_000;

/** The shared row in memory, on a clock that tests move. It can be away, and it can hang. */
class MemoryWeight implements SharedWeight {
  now = 0;
  state: 'there' | 'away' | 'hanging' = 'there';
  leases = 0;
  looks = 0;
  readonly told: SharedBlock[] = [];
  #minute = 0;
  #leased = 0;
  #block: { until: number; status: string } | null = null;

  lease(wanted: number, ceiling: number): Promise<WeightLease> {
    this.leases += 1;
    return this.#answer(() => {
      const minute = Math.floor(this.now / MINUTE);
      if (minute !== this.#minute) this.#leased = 0;
      this.#minute = minute;
      const granted = Math.max(0, Math.min(wanted, ceiling - this.#leased));
      this.#leased += granted;
      return { granted, endsInMs: MINUTE - (this.now % MINUTE) };
    });
  }

  block(block: SharedBlock): Promise<void> {
    return this.#answer(() => {
      this.told.push(block);
      this.#block = { until: this.now + block.ms, status: block.status };
    });
  }

  blocked(): Promise<SharedBlock | null> {
    this.looks += 1;
    return this.#answer(() =>
      this.#block === null || this.#block.until <= this.now
        ? null
        : { ms: this.#block.until - this.now, status: this.#block.status },
    );
  }

  #answer<T>(work: () => T): Promise<T> {
    switch (this.state) {
      case 'there':
        return Promise.resolve(work());
      case 'away':
        return Promise.reject(new Error('connection refused'));
      case 'hanging':
        return new Promise(() => undefined);
      default:
        return this.state satisfies never;
    }
  }
}

let shared: MemoryWeight;
beforeEach(() => {
  shared = new MemoryWeight();
});

const partyOf = (role: 'owner' | 'reader') => ({ shared, role }) as const;
const shareOf = (role: 'owner' | 'reader' = 'reader') =>
  new WeightShare(
    partyOf(role),
    () => shared.now,
    () => undefined,
  );
const budgetOf = (role: 'owner' | 'reader') =>
  new RateBudget(
    { usedHeader: 'used', limit: LIMIT },
    {
      now: () => shared.now,
      elapsed: () => shared.now,
      sleep: (ms) => {
        shared.now += ms;
        return Promise.resolve();
      },
      party: partyOf(role),
    },
  );

/** Requests of weight 1 that go out before the first that has to wait. */
async function taken(share: WeightShare, atMost = 2_000): Promise<number> {
  for (let count = 0; count < atMost; count += 1) if ((await share.take(1, LIMIT)) !== null) return count;
  return atMost;
}

describe('the weight of readers', () => {
  it('is leased in blocks, not request by request', async () => {
    const share = shareOf();
    for (let count = 0; count < 100; count += 1) await expect(share.take(1, LIMIT)).resolves.toBeNull();
    expect(shared.leases).toBe(10); // 100 / (1 % of 1000)
  });

  it("stays within the readers' part, however many processes read", async () => {
    const counts = await Promise.all([taken(shareOf()), taken(shareOf()), taken(shareOf())]);
    expect(counts[0]! + counts[1]! + counts[2]!).toBe(400);
  });

  it('is told to come back in the next minute, and then has it again', async () => {
    shared.now = 10_000;
    const share = shareOf();
    expect(await taken(share)).toBe(400);
    await expect(share.take(1, LIMIT)).resolves.toBe(50_000);
    const { leases } = shared;
    await share.take(1, LIMIT);
    expect(shared.leases).toBe(leases);
    shared.now = MINUTE;
    expect(await taken(share)).toBe(400);
  });

  it('that was not used in its minute is not used in the next', async () => {
    const share = shareOf();
    await share.take(1, LIMIT);
    shared.now = MINUTE;
    await share.take(1, LIMIT);
    expect(shared.leases).toBe(2);
  });

  it('is leased once for all requests that come together', async () => {
    const share = shareOf();
    await Promise.all(Array.from({ length: 10 }, () => share.take(1, LIMIT)));
    expect(shared.leases).toBe(1);
  });

  it('can be dearer than a block', async () => {
    await expect(shareOf().take(80, LIMIT)).resolves.toBeNull();
    expect(shared.leases).toBe(1);
  });

  it.each(['away', 'hanging'] as const)('is a small part a minute while the storage is %s', async (state) => {
    shared.state = state;
    const share = shareOf();
    expect(await taken(share)).toBe(50);
    // It asked once and leaves the storage alone for 5 s.
    expect(shared.leases).toBe(1);
    shared.state = 'there';
    shared.now += 5_000;
    await expect(share.take(1, LIMIT)).resolves.toBeNull();
    expect(shared.leases).toBe(2);
  });

  it('leaves owners alone', async () => {
    const share = shareOf('owner');
    expect(await taken(share)).toBe(2_000);
    expect(shared.leases).toBe(0);
  });
});

describe('a budget that is shared', () => {
  it('refuses a reader what others have leased, and gives the flight back', async () => {
    shared.now = 30_000;
    const other = budgetOf('reader');
    await other.take('market', 400);
    const budget = budgetOf('reader');
    for (let again = 0; again < 3; again += 1) {
      await expect(budget.take('orders', 10)).rejects.toMatchObject({ code: 'RATE_BUDGET', retryAfterMs: 30_000 });
    }
    shared.now = MINUTE;
    // 70 % of 1000 is what a reader may have in flight: nothing of the refused is left in it.
    await budget.take('market', 400);
    await expect(budgetOf('owner').take('orders', 1_000)).resolves.toBeDefined();
  });

  it.each(['owner', 'reader'] as const)(
    'keeps a %s away from a venue that has told another process so',
    async (role) => {
      const budget = budgetOf(role);
      await budget.take('market', 1);
      budgetOf('reader').observe({ status: 418, headers: { 'retry-after': '120' }, body: '' });
      expect(shared.told).toEqual([{ ms: 120_000, status: '418' }]);
      shared.now += 1_000;
      // Orders never wait for the storage: the first one only asks.
      if (role === 'owner') await budget.take('orders', 1);
      await expect(budget.take('orders', 1)).rejects.toMatchObject({ code: '418', retryAfterMs: 119_000 });
      shared.now += 119_000;
      await expect(budget.take('orders', 1)).resolves.toBeDefined();
    },
  );

  it('asks for blocks once a second at most, and not at all for a while when nobody answers', async () => {
    const budget = budgetOf('owner');
    for (let count = 0; count < 10; count += 1) await budget.take('orders', 1);
    expect(shared.looks).toBe(1);
    shared.state = 'away';
    shared.now += 1_000;
    await budget.take('orders', 1);
    await Promise.resolve();
    shared.now += 1_000;
    await budget.take('orders', 1);
    expect(shared.looks).toBe(2);
  });

  it('lets orders out while the storage hangs', async () => {
    shared.state = 'hanging';
    await expect(budgetOf('owner').take('orders', 1)).resolves.toBeDefined();
  });
});
