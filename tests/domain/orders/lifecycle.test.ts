import { describe, expect, it } from '@jest/globals';
import {
  agree,
  canFollow,
  endStateGiven,
  endStateOf,
  type IntentState,
  isUnsettled,
} from '../../../domain/orders/lifecycle.ts';
import { isWorking, signOf, type VenueOrderStatus } from '../../../domain/orders/order.ts';

const STATES: readonly IntentState[] = [
  'sending',
  'working',
  'filled',
  'partially-filled',
  'expired',
  'cancelled',
  'refused',
  'not-placed',
];

/** The picture of the order protocol: what was seen at the venue can neither be refused nor become "not placed". */
const STEPS: Readonly<Partial<Record<IntentState, readonly IntentState[]>>> = {
  sending: ['working', 'filled', 'partially-filled', 'expired', 'cancelled', 'refused', 'not-placed'],
  working: ['filled', 'partially-filled', 'expired', 'cancelled'],
};

describe('the life of an order intent', () => {
  it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('from %s to %s', (from, to) => {
    expect(canFollow(from, to)).toBe(STEPS[from]?.includes(to) ?? false);
  });

  it('is open in two states only', () => {
    expect(STATES.filter(isUnsettled)).toEqual(['sending', 'working']);
  });
});

describe('the end of an order', () => {
  it.each<[VenueOrderStatus, string, string, IntentState]>([
    ['filled', '1', '1', 'filled'],
    ['filled', '1.0', '1', 'filled'],
    ['expired', '1', '0.4', 'partially-filled'],
    ['cancelled', '1', '0.4', 'partially-filled'],
    // It filled while the cancel was on its way.
    ['cancelled', '1', '1', 'filled'],
    ['expired', '1', '0', 'expired'],
    ['cancelled', '1', '0', 'cancelled'],
    ['rejected', '1', '0', 'expired'],
  ])('%s with %s ordered and %s filled is %s', (status, quantity, filled, state) => {
    expect(endStateOf({ status, quantity, filled })).toBe(state);
  });
});

describe('an order', () => {
  it.each<[VenueOrderStatus, boolean]>([
    ['open', true],
    ['filled', false],
    ['cancelled', false],
    ['expired', false],
    ['rejected', false],
  ])('that is %s can still trade: %s', (status, working) => {
    expect(isWorking({ status })).toBe(working);
  });

  it('costs more at a higher price when it buys, at a lower one when it sells', () => {
    expect([signOf('buy'), signOf('sell')]).toEqual([1, -1]);
  });
});

describe('the end of an order whose trades are known', () => {
  it.each<[IntentState, string, IntentState]>([
    ['expired', '0', 'expired'],
    ['cancelled', '0', 'cancelled'],
    // The venue's word was older than its trades.
    ['expired', '0.4', 'partially-filled'],
    ['cancelled', '1.0', 'filled'],
    ['partially-filled', '1', 'filled'],
    ['filled', '1', 'filled'],
    // Neither can have traded: whoever says so is contradicted by the life of the intent, not here.
    ['refused', '0.4', 'refused'],
    ['not-placed', '0.4', 'not-placed'],
  ])('%s with %s of 1 filled is %s', (state, filled, expected) => {
    expect(endStateGiven(state, '1', filled)).toBe(expected);
  });
});

describe('two words on the end of one order', () => {
  const HELD: readonly IntentState[] = ['filled', 'partially-filled', 'expired', 'cancelled'];

  it.each(STATES.flatMap((a) => STATES.map((b) => [a, b] as const)))('%s and %s', (a, b) => {
    expect(agree(a, b)).toBe(a === b || (HELD.includes(a) && HELD.includes(b)));
  });
});
