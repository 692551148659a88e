import { expect, test } from '@jest/globals';
import { RateBudget } from '../../../adapters/venues/rate-budget.ts';

const RULE = { usedHeader: 'x-mbx-used-weight-1m', limit: 1000 };
const MINUTE = 60_000;

/** A budget on a clock that only sleeping moves. */
function budgetAt(start: number, rule: typeof RULE | null = RULE) {
  const clock = { now: start, slept: [] as number[] };
  const budget = new RateBudget(rule, {
    now: () => clock.now,
    elapsed: () => clock.now,
    sleep: (ms) => {
      clock.slept.push(ms);
      clock.now += ms;
      return Promise.resolve();
    },
  });
  return { budget, clock };
}

const used = (weight: number, status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'x-mbx-used-weight-1m': String(weight), ...headers },
  body: '',
});

test('reads leave 30 % to look-ups and cancels', async () => {
  const { budget } = budgetAt(10 * MINUTE + 1000);
  budget.observe(used(690));
  await budget.take('market', 10); // 690 + 10 = 700 = 70 % of 1000
  await expect(budget.take('market', 1)).rejects.toMatchObject({ code: 'RATE_BUDGET', retryAfterMs: 59_000 });
  await budget.take('orders', 300); // 700 + 300 = 1000
  await expect(budget.take('orders', 1)).rejects.toMatchObject({ code: 'RATE_BUDGET' });
});

test('what the venue counts replaces our own count, requests in flight come on top', async () => {
  const { budget } = budgetAt(10 * MINUTE);
  const giveBack = await budget.take('market', 600);
  await expect(budget.take('market', 200)).rejects.toMatchObject({ code: 'RATE_BUDGET' });
  budget.observe(used(25));
  giveBack();
  giveBack();
  await budget.take('market', 675); // 25 + 675 = 700
  expect(budget.usedWeight).toBe(25);
});

test('a read waits for the next minute when that is near', async () => {
  const { budget, clock } = budgetAt(11 * MINUTE - 500);
  budget.observe(used(999));
  await budget.take('market', 20);
  expect(clock.slept).toEqual([500]);
  expect(budget.usedWeight).toBe(0);
});

test('the limit is the one the venue names', async () => {
  const { budget } = budgetAt(0);
  budget.setLimit(6000);
  expect(budget.weightLimit).toBe(6000);
  await budget.take('market', 4200);
});

test.each([
  [429, { 'retry-after': '7' }, 7000],
  [418, { 'retry-after': '120' }, 120_000],
  [418, {}, 120_000],
  [429, {}, 45_000], // until the venue's next minute
])('after HTTP %i %j nothing goes out for that long', async (status, headers, wait) => {
  const { budget, clock } = budgetAt(3 * MINUTE + 15_000);
  budget.observe(used(1, status, headers));
  await expect(budget.take('orders', 1)).rejects.toMatchObject({ code: String(status), retryAfterMs: wait });
  expect(budget.isBlocked()).toBe(true);
  clock.now += wait;
  await budget.take('orders', 1);
  expect(budget.isBlocked()).toBe(false);
});

test('a wait that the venue asks for is as long as it says, whatever its clock turns out to be', async () => {
  const clock = { venue: 3 * MINUTE, elapsed: 500 };
  const budget = new RateBudget(RULE, {
    now: () => clock.venue,
    elapsed: () => clock.elapsed,
    sleep: () => Promise.resolve(),
  });
  budget.observe(used(1, 429, { 'retry-after': '7' }));
  clock.venue -= 60 * MINUTE;
  clock.elapsed += 6_999;
  expect(budget.isBlocked()).toBe(true);
  clock.elapsed += 1;
  expect(budget.isBlocked()).toBe(false);
});

test('a venue that tells no weights is only stopped by its own refusals', async () => {
  const { budget } = budgetAt(0, null);
  await budget.take('market', 1e9);
  expect([budget.usedWeight, budget.weightLimit]).toEqual([null, null]);
  budget.observe({ status: 429, headers: { 'retry-after': '1' }, body: '' });
  await expect(budget.take('orders', 0)).rejects.toMatchObject({ retryAfterMs: 1000 });
});
