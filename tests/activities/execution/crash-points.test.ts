import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import { sumOf } from '../../../domain/market/decimal.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { Bench, FIRST_ID, firstChild } from '../fakes/bench.ts';
import { crashing, type CrashPlan, Killed } from '../fakes/crashing.ts';
import type { ScriptedVenue } from '../fakes/scripted-venue.ts';

/** What the venue makes of an order that reaches it. */
type Story = (venue: ScriptedVenue) => void;

const fills = (venue: ScriptedVenue, order: OrderRequest, quantity: string, lagMs = 0) =>
  venue.fill(venue.place(order, venue.venueNow() + lagMs), quantity, { shownFrom: venue.venueNow() + lagMs });

const STORIES: readonly (readonly [string, Story])[] = [
  ['fills it and answers', () => undefined],
  [
    'fills a part of it',
    (venue) => (venue.onSend = (order) => ({ kind: 'acknowledged', order: fills(venue, order, '0.1') })),
  ],
  ['refuses it', (venue) => (venue.onSend = () => ({ kind: 'refused', code: '-2010', message: 'no', retry: 'never' }))],
  [
    'fills it without an answer, and shows it 1.5 s later',
    (venue) =>
      (venue.onSend = (order) => {
        fills(venue, order, '0.25', 1_500);
        return { kind: 'unknown', reason: 'timeout' };
      }),
  ],
  ['never hears of it', (venue) => (venue.onSend = () => ({ kind: 'unknown', reason: 'timeout' }))],
  [
    'works it for a while',
    (venue) => {
      venue.onSend = (order) => ({ kind: 'acknowledged', order: venue.place(order) });
      venue.onRead = (read, nth) => {
        if (read === 'findByClientOrderId' && nth === 3 && venue.holds(FIRST_ID))
          venue.fill({ ...venue.place(venue.sent[0]!.order), orderId: '1' }, '0.25');
      };
    },
  ],
];

/** What must hold however an execution of the child went: one send at most, and our books are the venue's. */
function expectConserved(bench: Bench, outcome: ChildOutcome): void {
  expect(bench.venue.sent.length).toBeLessThanOrEqual(1);
  const traded = sumOf(bench.venue.traded(FIRST_ID).map(({ quantity }) => quantity));
  expect(outcome.totalFilled).toBe(traded);
  expect(sumOf([...bench.ledger.fills.values()].map(({ quantity }) => quantity))).toBe(traded);
  // "Not placed" is a promise: the venue must not hold the order.
  if (outcome.result === 'not-placed') expect(bench.venue.holds(FIRST_ID)).toBe(false);
  expect(bench.ledger.all.filter(({ state }) => state === 'sending' || state === 'working')).toEqual([]);
}

/** Runs the child and kills it as planned, then runs it again as Temporal would; `null` when the plan lies beyond its end. */
async function killedOnce(
  story: Story,
  plan: CrashPlan,
): Promise<{ bench: Bench; outcome: ChildOutcome; killed: string | null }> {
  const bench = new Bench();
  story(bench.venue);
  const { deps } = crashing(bench.deps(), plan);
  try {
    return { bench, outcome: await executeChild(deps, firstChild), killed: null };
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    bench.clock.advance(700);
    return { bench, outcome: await executeChild(bench.deps(), firstChild), killed: error.message };
  }
}

describe.each(STORIES)('a child killed at any call, when the venue %s', (_, story) => {
  it.each(['before', 'after'] as const)('%s its effect, is exact after the next attempt', async (moment) => {
    const points = new Set<string>();
    for (let call = 1; ; call += 1) {
      const { bench, outcome, killed } = await killedOnce(story, { call, moment });
      expectConserved(bench, outcome);
      if (killed === null) break;
      points.add(killed);
    }
    // The steps of the order protocol were all among them.
    for (const step of ['findIntent', 'orderTransaction', 'send', 'endIntent'])
      expect(points).toContain(`${moment} ${step}`);
  });
});

describe('a child on a venue that takes its time', () => {
  const MAX_KILLS = 4;
  const venues = fc.record({
    // The order reaches the venue within its receive window or is refused there; look-ups show it within the other two times.
    travelMs: fc.integer({ min: 0, max: 2_000 }),
    lagMs: fc.integer({ min: 0, max: 2_900 }),
    tradeLagMs: fc.integer({ min: 0, max: 2_900 }),
    filled: fc.constantFrom('0', '0.1', '0.25'),
    readMs: fc.integer({ min: 0, max: 700 }),
    failing: fc.array(
      fc.constantFrom('findByClientOrderId', 'openOrders', 'ordersSince', 'fillsSince', 'fillsOfOrder'),
      {
        maxLength: 3,
      },
    ),
    kills: fc.array(
      fc.record({
        call: fc.integer({ min: 1, max: 25 }),
        moment: fc.constantFrom<CrashPlan['moment'][]>('before', 'after'),
      }),
      { maxLength: MAX_KILLS },
    ),
  });

  it('is sent at most once and never wrongly called not placed, however often it is killed', async () => {
    const results = new Set<string>();
    await fc.assert(
      fc.asyncProperty(venues, async ({ travelMs, lagMs, tradeLagMs, filled, readMs, failing, kills }) => {
        const bench = new Bench();
        const { venue } = bench;
        for (const read of [
          'findByClientOrderId',
          'openOrders',
          'ordersSince',
          'fillsSince',
          'fillsOfOrder',
        ] as const) {
          venue.readMs[read] = readMs;
          venue.fail(read, failing.filter((each) => each === read).length * 2);
        }
        venue.onSend = (order, timestamp) => {
          if (travelMs <= venue.consistency.recvWindowMs) {
            const from = timestamp + travelMs;
            venue.fill(venue.place(order, from + lagMs), filled, { shownFrom: from + tradeLagMs });
          }
          return { kind: 'unknown', reason: 'timeout' };
        };
        let outcome: ChildOutcome | null = null;
        for (const plan of kills) {
          try {
            outcome = await executeChild(crashing(bench.deps(), plan).deps, firstChild);
            break;
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            bench.clock.advance(500);
          }
        }
        outcome ??= await executeChild(bench.deps(), firstChild);
        expectConserved(bench, outcome);
        results.add(outcome.result);
      }),
      { numRuns: 400 },
    );
    expect([...results].sort()).toEqual(['expired', 'filled', 'not-placed', 'partially-filled']);
  });
});
