import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Balance } from '../../../adapters/ports/venue.ts';
import { SharedBalances } from '../../../adapters/venues/shared-balances.ts';

let now: number;
/** Answers that are still to come, one for each read. */
let reads: { resolve(free: string): void; reject(error: Error): void }[];
let shared: SharedBalances;
beforeEach(() => {
  now = 1_000;
  reads = [];
  shared = new SharedBalances(
    () =>
      new Promise<readonly Balance[]>((resolve, reject) => {
        reads.push({ resolve: (free) => resolve([{ asset: 'USDT', free, locked: '0' }]), reject });
      }),
    () => now,
  );
});

/** What an order is told, with the read that answers it when it takes one. */
async function look(maxAgeMs: number, answer?: string) {
  const looking = shared.within(maxAgeMs);
  if (answer !== undefined) reads.at(-1)!.resolve(answer);
  const { balances, shared: isShared, ageMs } = await looking;
  return { free: balances[0]!.free, isShared, ageMs };
}

describe('balances for several orders', () => {
  it('are read once for all that come within the time, and anew after it', async () => {
    expect(await look(2_000, '10')).toMatchObject({ free: '10', isShared: false });
    now += 1_999;
    expect(await look(2_000)).toMatchObject({ free: '10', isShared: true });
    now += 1;
    expect(await look(2_000, '7')).toMatchObject({ free: '7', isShared: false });
    expect(reads).toHaveLength(2);
  });

  it('are as old as the question is, not the answer', async () => {
    const looking = shared.within(2_000);
    now += 300;
    reads[0]!.resolve('10');
    const { ageMs } = await looking;
    expect(ageMs()).toBe(300);
    now += 50;
    expect(ageMs()).toBe(350);
  });

  it('are shared while they are under way', async () => {
    const first = shared.within(2_000);
    now += 5;
    const second = shared.within(2_000);
    reads[0]!.resolve('10');
    expect((await first).shared).toBe(false);
    expect((await second).shared).toBe(true);
    expect((await second).ageMs()).toBe(5);
    expect(reads).toHaveLength(1);
  });

  it('are always read for one that takes none but its own, and others then share that', async () => {
    await look(2_000, '10');
    expect(await look(0, '8')).toMatchObject({ free: '8', isShared: false });
    expect(await look(2_000)).toMatchObject({ free: '8', isShared: true });
  });

  it('are not kept when they could not be read, and whoever shared them is told', async () => {
    const both = [shared.within(2_000), shared.within(2_000)];
    reads[0]!.reject(new Error('no answer'));
    await expect(Promise.allSettled(both)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await look(2_000, '10')).toMatchObject({ free: '10', isShared: false });
  });

  it('are read anew once they were forgotten', async () => {
    await look(2_000, '10');
    shared.forget();
    expect(await look(2_000, '9')).toMatchObject({ free: '9', isShared: false });
  });
});
