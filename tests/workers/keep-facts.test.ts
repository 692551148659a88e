import { expect, it } from '@jest/globals';
import type { AccountFactsBoard } from '../../adapters/ports/account-facts.ts';
import type { SessionReconciliations } from '../../adapters/ports/session-reconciliations.ts';
import { keepFacts } from '../../workers/keep-facts.ts';

const FACTS = { canTrade: true, canWithdraw: false, balances: [{ asset: 'BTC', free: '0.3', locked: '0' }] };

function rig() {
  const seen = { reads: 0, dueWithin: [] as number[] };
  const state = { now: 1_000_000, due: false, fails: false, held: '0' };
  const facts: AccountFactsBoard = {
    saveFacts: async () => {
      state.due = false;
    },
    findFacts: async () => null,
    wantFacts: async () => state.now,
    isDue: async (_venue, everyMs) => {
      seen.dueWithin.push(everyMs);
      return state.due;
    },
  };
  const reconciliations: SessionReconciliations = {
    question: async () => ({
      sessions: [
        {
          sessionId: 'a',
          positions: { BTC: state.held },
          quote: 'USDT',
          cash: '0',
          trades: 0,
          settled: true,
          changedAt: null,
        },
      ],
      balances: { BTC: '0.3' },
      balancesAt: state.now,
      moves: { foreignTrades: [], unexplained: [], foreignOrders: [] },
    }),
    last: async () => null,
    save: async () => undefined,
  };
  const account = {
    venueId: 'sim',
    accountFacts: async () => {
      seen.reads += 1;
      if (state.fails) throw new Error('HTTP 502');
      return FACTS;
    },
    health: () => ({ clockOffsetMs: 2 }) as never,
  };
  const sessions = { find: async () => null, setBlock: async () => undefined };
  const kept = keepFacts(account, { facts, reconciliations, sessions, clock: { now: () => state.now } });
  return { kept, seen, state };
}

it('reads the account at first, and then when that is due', async () => {
  const { kept, seen, state } = rig();
  await kept.refresh();
  await kept.refresh();
  expect(seen.reads).toBe(1);
  state.due = true;
  await Promise.all([kept.refresh(), kept.refresh()]);
  expect(seen.reads).toBe(2);
});

it('looks again soon when something is missing', async () => {
  const { kept, seen, state } = rig();
  await kept.refresh();
  await kept.refresh();
  state.held = '0.5';
  state.due = true;
  await kept.refresh();
  await kept.refresh();
  expect(seen.dueWithin).toEqual([30_000, 30_000, 8_000]);
});

it('leaves an account that cannot be read alone for a while', async () => {
  const { kept, seen, state } = rig();
  state.fails = true;
  await expect(kept.refresh()).rejects.toThrow('HTTP 502');
  await kept.refresh();
  expect(seen.reads).toBe(1);
  state.fails = false;
  state.now += 5_000;
  await kept.refresh();
  expect(seen.reads).toBe(2);
});
