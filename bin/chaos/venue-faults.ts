import type { Dice } from './dice.ts';

/** A fault as the admin interface of a simulated venue takes it. */
export type VenueFault = Readonly<Record<string, string | number | boolean>>;

const PLACEMENT = 'order.create';
/** Where an order is sent, looked for and accounted for. */
const AROUND_PLACEMENT = [PLACEMENT, 'order.fetch', 'orders.open', 'orders.all', 'trades.mine', 'account', 'book', '*'];
const STREAMS = ['stream', 'stream.public', 'stream.user'];

/**
 * The failures that a run draws from, each within what a venue of the default settings promises: an order is hidden from look-ups for less than
 * the venue's own consistency times (1 s to reach the engine, 1 s of time-out, 2 s of margin), since beyond them nobody can tell an order that
 * was lost from one that is late.
 */
const MENU: readonly ((dice: Dice) => VenueFault)[] = [
  (dice) => ({
    endpoint: PLACEMENT,
    kind: 'delay',
    delayMs: dice.whole(200, 6_000),
    phase: 'before',
    count: few(dice),
  }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'delay', delayMs: dice.whole(200, 8_000), phase: 'after', count: few(dice) }),
  (dice) => ({
    endpoint: around(dice),
    kind: 'delay',
    delayMs: dice.whole(100, 2_000),
    forMs: dice.whole(1_000, 5_000),
  }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'drop-before', count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'drop-after', count: few(dice) }),
  (dice) => ({ endpoint: around(dice), kind: 'drop-after', forMs: dice.whole(500, 4_000), probability: 0.5 }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'http-5xx', count: few(dice) }),
  (dice) => ({ endpoint: around(dice), kind: 'http-5xx', forMs: dice.whole(500, 5_000) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'forget', forMs: dice.whole(200, 2_500), count: few(dice) }),
  (dice) => ({ endpoint: around(dice), kind: 'rate-limit', retryAfterMs: dice.whole(1, 3) * 1_000, count: 1 }),
  (dice) => ({ endpoint: around(dice), kind: 'ban', retryAfterMs: dice.whole(2, 6) * 1_000, count: 1 }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'clock', count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'timeout', accept: true, count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'timeout', accept: false, count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'reject', count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'partial-fill', fraction: dice.real(0, 0.9, 2), count: few(dice) }),
  (dice) => ({ endpoint: PLACEMENT, kind: 'freeze', forMs: dice.whole(1_000, 6_000) }),
  (dice) => ({ endpoint: '*', kind: 'freeze', forMs: dice.whole(1_000, 5_000) }),
  (dice) => ({
    endpoint: '*',
    kind: 'wrong-clock',
    delayMs: dice.whole(-5_000, 5_000),
    forMs: dice.whole(2_000, 8_000),
  }),
  (dice) => ({ endpoint: dice.oneOf(STREAMS), kind: 'cut', count: few(dice) }),
  (dice) => ({ endpoint: dice.oneOf(STREAMS), kind: 'silence', forMs: dice.whole(2_000, 15_000) }),
  (dice) => ({ endpoint: dice.oneOf(STREAMS), kind: 'skip', count: dice.whole(1, 20) }),
];

/** A random failure of a venue. */
export function drawVenueFault(dice: Dice): VenueFault {
  return dice.oneOf(MENU)(dice);
}

function few(dice: Dice): number {
  return dice.whole(1, 4);
}

function around(dice: Dice): string {
  return dice.oneOf(AROUND_PLACEMENT);
}
