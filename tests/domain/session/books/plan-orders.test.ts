import { describe, expect, it } from '@jest/globals';
import type { Holdings } from '../../../../domain/session/books/holdings.ts';
import { planOrders } from '../../../../domain/session/books/plan-orders.ts';
import type { OrderPlan, PlacedOrder, WantedOrder } from '../../../../domain/session/order.ts';

const SYMBOL = 'BTC/USDT';

function wish(order: number, version: number, given: Partial<WantedOrder> = {}): WantedOrder {
  return {
    order,
    version,
    symbol: SYMBOL,
    side: 'sell',
    kind: 'stop',
    purpose: 'stop-loss',
    held: 'venue',
    quantity: '1',
    limit: '95',
    stop: '96',
    bar: 0,
    intended: '96',
    ...given,
  };
}

function placed(order: number, version: number, given: Partial<PlacedOrder> = {}): PlacedOrder {
  return {
    order,
    version,
    symbol: SYMBOL,
    side: 'sell',
    kind: 'stop',
    purpose: 'stop-loss',
    quantity: '1',
    executionId: `${order}.${version}`,
    state: 'working',
    cancelRequested: false,
    ...given,
  };
}

const holding = (units: string, filled: Holdings['filled'] = []): Holdings => ({ units: { [SYMBOL]: units }, filled });

/** A plan as the orders that it starts, those that it cancels, and whether all is settled. */
function told({ start, cancel, settled }: OrderPlan): string {
  const started = start.map(({ order, version }) => `${order}.${version}`).join(',');
  return `start ${started} cancel ${cancel.join(',')} settled ${settled}`;
}

describe('what has to be done for the orders that are wanted', () => {
  it('starts what is missing and is settled once the venue has it', () => {
    expect(told(planOrders([wish(1, 1)], [], holding('1')))).toBe('start 1.1 cancel  settled false');
    expect(told(planOrders([wish(1, 1)], [placed(1, 1, { state: 'open' })], holding('1')))).toBe(
      'start  cancel  settled false',
    );
    expect(told(planOrders([wish(1, 1)], [placed(1, 1)], holding('1')))).toBe('start  cancel  settled true');
    expect(told(planOrders([], [], holding('0')))).toBe('start  cancel  settled true');
  });

  it('replaces a stop that has moved, once the old one has ended', () => {
    const wanted = [wish(1, 2)];
    expect(told(planOrders(wanted, [placed(1, 1)], holding('1')))).toBe('start  cancel 1.1 settled false');
    expect(told(planOrders(wanted, [placed(1, 1, { cancelRequested: true })], holding('1')))).toBe(
      'start  cancel  settled false',
    );
    expect(told(planOrders(wanted, [placed(1, 1, { state: 'ended' })], holding('1')))).toBe(
      'start 1.2 cancel  settled false',
    );
    // It has filled before its cancel came: the trade is gone, and so is what was wanted.
    expect(told(planOrders([], [placed(1, 1, { state: 'ended' })], holding('0')))).toBe('start  cancel  settled true');
  });

  it('lets a market exit wait until the stop that holds its units has ended', () => {
    const exit = wish(2, 1, { kind: 'marketable', purpose: 'exit', limit: null, stop: null });
    expect(told(planOrders([exit], [placed(1, 1)], holding('1')))).toBe('start  cancel 1.1 settled false');
    expect(told(planOrders([exit], [placed(1, 1, { state: 'ended' })], holding('1')))).toBe(
      'start 2.1 cancel  settled false',
    );
  });

  it('counts of a sell that has traded in part only what it may still sell', () => {
    // 1.6 are held, 0.4 of the first stop are sold already: 0.6 of it may still be, which leaves 1.0.
    const plan = planOrders([wish(1, 1), wish(2, 1)], [placed(1, 1)], {
      units: { [SYMBOL]: '1.6' },
      filled: [{ order: 1, version: 1, quantity: '0.4' }],
    });
    expect(told(plan)).toBe('start 2.1 cancel  settled false');
  });

  it('starts exits at market before stops, and stops before targets, when there is not enough for all', () => {
    const target = wish(1, 1, { kind: 'limit', purpose: 'take-profit', stop: null });
    const exit = wish(3, 1, { kind: 'marketable', purpose: 'exit', limit: null, stop: null });
    expect(told(planOrders([target, wish(2, 1), exit], [], holding('2')))).toBe('start 3.1,2.1 cancel  settled false');
  });

  it('neither starts nor waits for what the session watches itself', () => {
    const watched = wish(2, 1, { kind: 'limit', purpose: 'take-profit', held: 'session', stop: null });
    expect(told(planOrders([wish(1, 1), watched], [placed(1, 1)], holding('1')))).toBe('start  cancel  settled true');
    // One that was at the venue and is watched now is taken back.
    expect(told(planOrders([watched], [placed(2, 1)], holding('1')))).toBe('start  cancel 2.1 settled false');
  });

  it('never starts a version twice, whatever became of it', () => {
    expect(told(planOrders([wish(1, 1)], [placed(1, 1, { state: 'ended' })], holding('1')))).toBe(
      'start  cancel  settled false',
    );
  });
});

/** All states that an order can be in beside not being there. */
const STATES: readonly (Pick<PlacedOrder, 'state' | 'cancelRequested'> | null)[] = [
  null,
  ...(['open', 'working', 'ended'] as const).flatMap((state) =>
    [false, true].map((cancelRequested) => ({ state, cancelRequested })),
  ),
];

/** A sum in lots of 1, exact for these quantities. */
const sum = (orders: readonly { readonly quantity: string }[]): number =>
  orders.reduce((total, { quantity }) => total + Number(quantity), 0);

describe('plans of all small states', () => {
  const wants: readonly (WantedOrder | null)[] = [null, wish(1, 1), wish(1, 2), wish(1, 2, { held: 'session' })];
  const exits: readonly (WantedOrder | null)[] = [
    null,
    wish(2, 1, { kind: 'marketable', purpose: 'exit', limit: null, stop: null }),
  ];
  const plans: { wanted: WantedOrder[]; before: PlacedOrder[]; held: number; plan: OrderPlan }[] = [];
  for (const first of wants)
    for (const exit of exits)
      for (const one of STATES)
        for (const two of STATES)
          for (const three of STATES)
            for (const held of [0, 1, 2]) {
              const wanted = [first, exit].filter((each) => each !== null);
              const before = [
                ...(one === null ? [] : [placed(1, 1, one)]),
                ...(two === null ? [] : [placed(1, 2, two)]),
                ...(three === null ? [] : [placed(2, 1, { ...three, kind: 'marketable', purpose: 'exit' })]),
              ];
              plans.push({ wanted, before, held, plan: planOrders(wanted, before, holding(String(held))) });
            }
  const isActive = ({ state }: PlacedOrder): boolean => state !== 'ended';
  const isSame = (a: { order: number; version: number }, b: { order: number; version: number }): boolean =>
    a.order === b.order && a.version === b.version;

  it('there are 8,232 of them', () => {
    expect(plans).toHaveLength(4 * 2 * 7 ** 3 * 3);
  });

  it('start nothing of a number that is under way, and no version twice', () => {
    const broken = plans.filter(({ before, plan }) =>
      plan.start.some((order) =>
        before.some((each) => (isActive(each) && each.order === order.order) || isSame(each, order)),
      ),
    );
    expect(broken).toEqual([]);
  });

  it('start only what what is held covers beside all that may still be sold', () => {
    const broken = plans.filter(
      ({ before, held, plan }) => plan.start.length > 0 && sum(before.filter(isActive)) + sum(plan.start) > held,
    );
    expect(broken).toEqual([]);
  });

  it('cancel once all that is under way and not wanted at the venue, and nothing else', () => {
    const broken = plans.filter(({ wanted, before, plan }) => {
      const going = before.filter(
        (each) => isActive(each) && !wanted.some((order) => order.held === 'venue' && isSame(order, each)),
      );
      const due = going.filter(({ cancelRequested }) => !cancelRequested).map(({ executionId }) => executionId);
      return due.join() !== plan.cancel.join();
    });
    expect(broken).toEqual([]);
  });

  it('are settled exactly where the venue has what is wanted and nothing else', () => {
    const broken = plans.filter(({ wanted, before, plan }) => {
      const atVenue = wanted.filter(({ held }) => held === 'venue');
      const active = before.filter(isActive);
      const isThere = (order: WantedOrder): boolean =>
        active.some((each) => isSame(order, each) && each.state === 'working' && !each.cancelRequested);
      return plan.settled !== (atVenue.length === active.length && atVenue.every(isThere));
    });
    expect(broken).toEqual([]);
  });

  it('start all that is wanted where nothing is in its way', () => {
    const broken = plans.filter(({ wanted, before, held, plan }) => {
      const missing = wanted.filter((order) => order.held === 'venue' && !before.some((each) => isSame(each, order)));
      return !before.some(isActive) && sum(missing) <= held && plan.start.length < missing.length;
    });
    expect(broken).toEqual([]);
  });
});
