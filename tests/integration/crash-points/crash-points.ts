import type { IntentState } from '../../../domain/orders/lifecycle.ts';
import type { Lane } from '../../helpers/rig.ts';
import type { ExpectedChild } from './outcome.ts';

/** The venue's own times, short so that "not placed" is concluded within the first slice, long enough for a slow machine. */
export const CONSISTENCY_MS = { recvWindow: 1_500, apiTimeout: 300, margin: 300 };

/** What both slices of 0.02 BTC come to when the first order is traded, and when it surely never reached the book. */
const TRADED: readonly ExpectedChild[] = [
  { child: 1, state: 'filled', quantity: '0.01' },
  { child: 2, state: 'filled', quantity: '0.01' },
];
/** The second slice may be two slices large (`catchUpFactor` 2), so it catches up all of the first. */
const CAUGHT_UP: readonly ExpectedChild[] = [
  { child: 1, state: 'not-placed', quantity: '0.01' },
  { child: 2, state: 'filled', quantity: '0.02' },
];

/** Where the venue worker is killed while it works on the first of two slices, and what must come of it. */
export interface CrashPoint {
  readonly name: string;
  /** Sets the trap; what it returns waits until the worker stands in it. `firstId` is the client order id of the first child. */
  readonly trap: (lane: Lane) => Promise<(firstId: string) => Promise<unknown>>;
  /** What the dead worker leaves: the first intent and its fills in the database, and the orders that the venue has taken for it. */
  readonly left: { readonly intent: IntentState | null; readonly fills: boolean; readonly accepted: 0 | 1 };
  /** What becomes of the dead worker's requests; unless told otherwise the venue lets them go. */
  readonly afterlife?: (lane: Lane, firstId: string) => Promise<unknown>;
  readonly children: readonly ExpectedChild[];
  /** What still happens after the end of the execution, and must change nothing. */
  readonly epilogue?: (lane: Lane, firstId: string) => Promise<void>;
}

async function holdAnswer(lane: Lane, endpoint: string, phase: 'before' | 'after') {
  await lane.venue.hold(endpoint, phase);
  return () => lane.venue.untilHeld(endpoint);
}

function holdCommit(lane: Lane, statement: string, at: 'before' | 'after') {
  const hold = lane.proxy.holdNext({ statement, at });
  return Promise.resolve(() => hold.reached);
}

/** The answer to the order is lost, so that look-ups must find it: an answer tells of the order's trades as well. */
async function loseAnswer(lane: Lane): Promise<void> {
  await lane.venue.setFault({ endpoint: 'order.create', kind: 'drop-after' });
}

export const crashPoints: readonly CrashPoint[] = [
  {
    name: 'before the intent, while the quote is read',
    trap: (lane) => holdAnswer(lane, 'book', 'before'),
    left: { intent: null, fills: false, accepted: 0 },
    children: TRADED,
  },
  {
    name: 'before the intent is committed',
    trap: (lane) => holdCommit(lane, 'insert into intents', 'before'),
    left: { intent: null, fills: false, accepted: 0 },
    children: TRADED,
  },
  {
    name: 'after the intent, before the send',
    trap: (lane) => holdCommit(lane, 'insert into intents', 'after'),
    left: { intent: 'sending', fills: false, accepted: 0 },
    children: CAUGHT_UP,
  },
  {
    name: 'after the send, and the order arrives after the crash',
    trap: (lane) => holdAnswer(lane, 'order.create', 'before'),
    left: { intent: 'sending', fills: false, accepted: 0 },
    afterlife: async (lane, firstId) => {
      await lane.venue.clearFaults();
      await lane.venue.untilRequest(firstId, 'order.create', 'ok');
    },
    children: TRADED,
  },
  {
    name: 'after the send, and the order arrives after it was closed as not placed',
    trap: (lane) => holdAnswer(lane, 'order.create', 'before'),
    left: { intent: 'sending', fills: false, accepted: 0 },
    afterlife: () => Promise.resolve(),
    children: CAUGHT_UP,
    // "Timestamp for this request is outside of the recvWindow": the exchange itself refuses what the dead worker had sent.
    epilogue: async (lane, firstId) => {
      await lane.venue.clearFaults();
      await lane.venue.untilRequest(firstId, 'order.create', 'refused -1021');
    },
  },
  {
    name: 'after acceptance, before its answer',
    trap: (lane) => holdAnswer(lane, 'order.create', 'after'),
    left: { intent: 'sending', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'after a look-up has shown the order, before that is committed',
    trap: async (lane) => {
      await loseAnswer(lane);
      return holdCommit(lane, "update intents set state = 'working'", 'before');
    },
    left: { intent: 'sending', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'after a look-up has shown the order, when that is committed',
    trap: async (lane) => {
      await loseAnswer(lane);
      return holdCommit(lane, "update intents set state = 'working'", 'after');
    },
    left: { intent: 'working', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'while the fills are awaited',
    trap: async (lane) => {
      await loseAnswer(lane);
      return holdAnswer(lane, 'trades.mine', 'before');
    },
    left: { intent: 'working', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'before the fills that the answer tells are committed',
    trap: (lane) => holdCommit(lane, 'insert into fills', 'before'),
    left: { intent: 'sending', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'before the fills that were asked for are committed',
    trap: async (lane) => {
      await loseAnswer(lane);
      return holdCommit(lane, 'insert into fills', 'before');
    },
    left: { intent: 'working', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'after the fills are committed, before the worker knows',
    trap: (lane) => holdCommit(lane, 'insert into fills', 'after'),
    left: { intent: 'filled', fills: true, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'during the resolve of an order that was accepted',
    trap: async (lane) => {
      await loseAnswer(lane);
      return holdAnswer(lane, 'order.fetch', 'before');
    },
    left: { intent: 'sending', fills: false, accepted: 1 },
    children: TRADED,
  },
  {
    name: 'during the resolve of an accepted order that the first look-ups do not show',
    trap: async (lane) => {
      await loseAnswer(lane);
      // Hidden for 2 s, past the receive window and within the venue's own 2.1 s, as a real venue may.
      await lane.venue.setFault({ endpoint: 'order.create', kind: 'forget', forMs: 2_000 });
      return (firstId) => lane.venue.untilRequest(firstId, 'order.fetch', 'refused -2013');
    },
    left: { intent: 'sending', fills: false, accepted: 1 },
    // It stays hidden from the next worker's first look-ups too.
    afterlife: () => Promise.resolve(),
    children: TRADED,
  },
  {
    name: 'during the resolve of an order that never arrived',
    trap: async (lane) => {
      await lane.venue.setFault({ endpoint: 'order.create', kind: 'drop-before' });
      return holdAnswer(lane, 'order.fetch', 'before');
    },
    left: { intent: 'sending', fills: false, accepted: 0 },
    children: CAUGHT_UP,
  },
  {
    name: 'before the conclusion "not placed" is committed',
    trap: async (lane) => {
      await lane.venue.setFault({ endpoint: 'order.create', kind: 'drop-before' });
      return holdCommit(lane, 'update intents set state = $4', 'before');
    },
    left: { intent: 'sending', fills: false, accepted: 0 },
    children: CAUGHT_UP,
  },
  {
    name: 'twice: before the answer of an accepted order, and again during the look-up that follows',
    trap: (lane) => holdAnswer(lane, 'order.create', 'after'),
    left: { intent: 'sending', fills: false, accepted: 1 },
    afterlife: async (lane) => {
      await lane.venue.clearFaults();
      const untilTrapped = await holdAnswer(lane, 'order.fetch', 'before');
      // It looks its open intents up before it serves, so it dies before it is ready.
      const starting = lane.worker.start().catch(() => undefined);
      await untilTrapped();
      await lane.worker.kill();
      await starting;
      await lane.venue.clearFaults();
    },
    children: TRADED,
  },
];
