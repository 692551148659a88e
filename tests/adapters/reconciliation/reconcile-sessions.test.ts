import { beforeEach, expect, it } from '@jest/globals';
import type { KnownReconciliation } from '../../../adapters/ports/session-reconciliations.ts';
import type { SessionRecord } from '../../../adapters/ports/session-store.ts';
import { reconcileAccountSessions } from '../../../adapters/reconciliation/reconcile-sessions.ts';
import type { AccountMoves } from '../../../domain/session/reconcile/account-moves.ts';
import type { EntryBlock } from '../../../domain/session/status.ts';

/** Session `a` holds 1 BTC by its books, made of so many trades. */
let trades: number;
/** What the account has. */
let btc: string;
let block: EntryBlock | null;
let known: KnownReconciliation | null;
let moves: AccountMoves;
let at: number;
beforeEach(() => {
  [trades, btc, block, known, at] = [2, '1', null, null, 1_000_000];
  moves = { foreignTrades: [], unexplained: [], foreignOrders: [] };
});

/** The account is read anew, and held against the session. */
async function read(): Promise<EntryBlock | null> {
  at += 30_000;
  const session = { sessionId: 'a', positions: { BTC: '1' }, quote: 'USDT', cash: '0', trades, settled: true };
  await reconcileAccountSessions(
    {
      reconciliations: {
        question: async () => ({
          sessions: [{ ...session, changedAt: null }],
          balances: { BTC: btc },
          balancesAt: at,
          moves,
        }),
        last: async () => known,
        save: async (_venue, found) => {
          known = found;
        },
      },
      sessions: {
        find: async () => ({ id: 'a', block }) as SessionRecord,
        setBlock: async (_id, given) => {
          block = given;
        },
      },
      clock: { now: () => at },
    },
    'sim',
  );
  return block;
}

it('does not raise again what a person has let pass because trades were rounded meanwhile', async () => {
  btc = '0.9';
  await read();
  await expect(read()).resolves.toMatchObject({ reason: 'RECONCILIATION' });
  block = null;
  // One more trade, of which the venue has rounded 0.00000001 away: 0.10000001 are missing instead of 0.1.
  trades = 3;
  btc = '0.89999999';
  await read();
  await expect(read()).resolves.toBeNull();
  // Three trades can be rounded by 0.00000003: beyond that it is another difference, and so is one that has become smaller.
  btc = '0.89999996';
  await expect(read()).resolves.toMatchObject({ reason: 'RECONCILIATION' });
  block = null;
  btc = '0.95';
  await expect(read()).resolves.toMatchObject({ problem: { detail: expect.stringContaining('0.05 are missing') } });
});

it('raises what was found while something else blocked the session as soon as that has gone', async () => {
  const strategy = { reason: 'STRATEGY', problem: { code: 'STRATEGY_FAILED', detail: 'x' }, since: 0 } as const;
  block = strategy;
  btc = '0.5';
  await read();
  await expect(read()).resolves.toBe(strategy);
  block = null;
  await expect(read()).resolves.toMatchObject({ reason: 'RECONCILIATION', problem: { code: 'ACCOUNT_DIFFERS' } });
  // Now it has been seen, and a person lets it pass.
  block = null;
  await expect(read()).resolves.toBeNull();
});

it('tells in a block that stands the cause and the amount that are found later', async () => {
  btc = '0.9';
  await read();
  const first = await read();
  expect(first!.problem.detail).toContain('no trade by hand and no withdrawal is known');
  // The venue's word about the withdrawal comes after the balance.
  moves = { ...moves, unexplained: [{ amounts: { BTC: '-0.1' }, at }] };
  const second = await read();
  expect(second).toMatchObject({ reason: 'RECONCILIATION', since: first!.since });
  expect(second!.problem.detail).toContain('0.1 BTC were withdrawn');
  moves = { ...moves, unexplained: [...moves.unexplained, { amounts: { BTC: '-0.2' }, at }] };
  btc = '0.7';
  await read();
  const third = await read();
  expect(third!.problem.detail).toContain('0.3 BTC were withdrawn');
  // A person has read that, and lets it pass.
  block = null;
  await expect(read()).resolves.toBeNull();
});
