import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountTrade } from '../../../../domain/portfolio/account-trade.ts';
import {
  reconcileSessions,
  type SessionHoldings,
  type SessionsQuestion,
} from '../../../../domain/session/reconcile/reconcile-sessions.ts';
import '../../../helpers/property-seed.ts';

const AT = 1_772_000_000_000;
const NO_MOVES = { foreignTrades: [], unexplained: [], foreignOrders: [] } as const;
/** As if the question before had found everything that this one finds. */
const FOUND = {
  differences: ['BTC', 'ETH', 'USDT'].map((asset) => ({ asset })),
} as unknown as SessionsQuestion['before'];

const session = (given: Partial<SessionHoldings> = {}): SessionHoldings => ({
  sessionId: 'a',
  positions: { BTC: '0.5' },
  quote: 'USDT',
  cash: '1000',
  trades: 0,
  settled: true,
  changedAt: AT - 60_000,
  ...given,
});

const handTrade = (given: Partial<AccountTrade> = {}): AccountTrade => ({
  tradeId: '7',
  symbol: 'BTC/USDT',
  side: 'sell',
  price: '60000',
  quantity: '0.2',
  fee: '12',
  feeAsset: 'USDT',
  at: AT - 30_000,
  ...given,
});

const ask = (given: Partial<SessionsQuestion> = {}) =>
  reconcileSessions({
    sessions: [session()],
    balances: { BTC: '0.5', USDT: '1000' },
    balancesAt: AT,
    moves: NO_MOVES,
    before: FOUND,
    ...given,
  });

describe('sessions and their account', () => {
  it('agree where it has what they hold, or more', () => {
    const ok = { status: 'ok', differences: [], recognised: [], blocked: [], undecided: [] };
    expect(ask()).toEqual(ok);
    expect(ask({ balances: { BTC: '3', USDT: '50000', DOGE: '1' } })).toEqual(ok);
  });

  it('differ where they hold more together than it has, though it has enough for each', () => {
    const sessions = [session({ sessionId: 'b' }), session({ sessionId: 'a', positions: { BTC: '0.25' } })];
    const { status, differences, blocked } = ask({ sessions, balances: { BTC: '0.6', USDT: '2000' } });
    expect(status).toBe('differs');
    expect(differences).toEqual([
      {
        asset: 'BTC',
        expected: '0.75',
        actual: '0.6',
        missing: '0.15',
        // None of them has traded: nothing can have been rounded.
        tolerance: '0',
        cause: 'unknown',
        detail:
          'sessions a, b hold together 0.75 BTC and the account has 0.6: 0.15 are missing; no trade by hand and no withdrawal is known',
        sessions: ['a', 'b'],
        confirmed: true,
      },
    ]);
    expect(blocked).toEqual(['a', 'b']);
  });

  it('differ in cash as well, and only those are blocked that hold what is missing', () => {
    const sessions = [
      session({ positions: {} }),
      session({ sessionId: 'b', positions: { ETH: '2' }, cash: '0' }),
      session({ sessionId: 'c', positions: { BTC: '0.5' }, quote: 'EUR', cash: '10' }),
    ];
    const { differences, blocked } = ask({ sessions, balances: { BTC: '0.5', ETH: '2', USDT: '999.99', EUR: '10' } });
    expect(differences.map(({ asset, missing, sessions: ids }) => [asset, missing, ids])).toEqual([
      ['USDT', '0.01', ['a']],
    ]);
    expect(blocked).toEqual(['a']);
  });

  it("count an asset that is one session's position and another's cash once for each", () => {
    const sessions = [session(), session({ sessionId: 'b', positions: { ETH: '1' }, quote: 'BTC', cash: '0.3' })];
    const { differences } = ask({ sessions, balances: { BTC: '0.7', ETH: '1', USDT: '1000' } });
    expect(differences).toMatchObject([{ asset: 'BTC', expected: '0.8', missing: '0.1', sessions: ['a', 'b'] }]);
  });

  it('know an asset that the account has nothing of', () => {
    expect(ask({ balances: { USDT: '1000' } }).differences).toMatchObject([
      { asset: 'BTC', actual: '0', missing: '0.5' },
    ]);
  });

  it('allow for the last digit of each trade that a venue may round', () => {
    const sessions = [session({ trades: 3 })];
    expect(ask({ sessions, balances: { BTC: '0.49999997', USDT: '1000' } }).status).toBe('ok');
    expect(ask({ sessions, balances: { BTC: '0.49999996', USDT: '1000' } }).status).toBe('differs');
  });
});

it('says what is missing of an amount that no account has', () => {
  const huge = `1${'0'.repeat(24)}`;
  const { differences } = ask({
    sessions: [session({ positions: { BTC: huge } })],
    balances: { BTC: '1', USDT: '2000' },
  });
  expect(differences).toMatchObject([{ asset: 'BTC', expected: huge, missing: '9'.repeat(24) }]);
});

describe('the cause of a difference', () => {
  const causes = (given: Partial<SessionsQuestion>) =>
    ask(given).differences.map(({ asset, cause, detail }) => [asset, cause, detail.split('; ')[1]]);
  const withdrawn = (amounts: Readonly<Record<string, string>>) => ({
    ...NO_MOVES,
    unexplained: [{ amounts, at: AT - 20_000 }],
  });

  it('is a trade by hand that took it, which is recognised with what it gave', () => {
    const given = { balances: { BTC: '0.3', USDT: '12988' }, moves: { ...NO_MOVES, foreignTrades: [handTrade()] } };
    expect(causes(given)).toEqual([['BTC', 'hand-trade', 'trades by hand took 0.2 BTC']]);
    // 0.2 at 60,000 less 12
    expect(ask(given).recognised).toEqual([
      { asset: 'BTC', amount: '-0.2', cause: 'hand-trade' },
      { asset: 'USDT', amount: '11988', cause: 'hand-trade' },
    ]);
  });

  it('is a withdrawal', () => {
    expect(causes({ balances: { BTC: '0.5', USDT: '400' }, moves: withdrawn({ USDT: '-600' }) })).toEqual([
      ['USDT', 'withdrawal', '600 USDT were withdrawn'],
    ]);
  });

  it('is an order by hand that holds back what a session would sell, though nothing has left the account', () => {
    const order = {
      symbol: 'BTC/USDT',
      orderId: '9',
      side: 'sell',
      price: '70000',
      quantity: '0.2',
      filled: '0.05',
    } as const;
    const given = { balances: { BTC: '0.6', USDT: '1000' }, moves: { ...NO_MOVES, foreignOrders: [order] } };
    expect(causes(given)).toEqual([['BTC', 'hand-trade', 'open orders by hand hold 0.15 BTC back']]);
    expect(ask(given).differences).toMatchObject([{ actual: '0.45', missing: '0.05' }]);
    const buy = { ...order, side: 'buy', price: '100' } as const;
    // 0.15 at 100 holds 15 USDT back.
    expect(
      ask({ balances: { BTC: '0.5', USDT: '1014' }, moves: { ...NO_MOVES, foreignOrders: [buy] } }).differences,
    ).toMatchObject([{ asset: 'USDT', actual: '999', missing: '1' }]);
    const unpriced = { ...buy, price: null };
    expect(ask({ moves: { ...NO_MOVES, foreignOrders: [unpriced] } }).status).toBe('ok');
    expect(ask({ moves: { ...NO_MOVES, foreignOrders: [{ ...order, filled: '0.2' }] } }).status).toBe('ok');
  });

  it('is the larger of two that only together account for it', () => {
    const moves = { ...withdrawn({ BTC: '-0.25' }), foreignTrades: [handTrade({ quantity: '0.1' })] };
    expect(causes({ balances: { BTC: '0.15', USDT: '6988' }, moves })).toEqual([
      ['BTC', 'withdrawal', 'trades by hand took 0.1 BTC and 0.25 BTC were withdrawn'],
    ]);
  });

  it('is not known where what is known is too little', () => {
    const moves = { ...NO_MOVES, foreignTrades: [handTrade({ quantity: '0.1' })] };
    expect(causes({ balances: { BTC: '0.2', USDT: '6988' }, moves })).toEqual([
      ['BTC', 'unknown', 'only part of it is known: trades by hand took 0.1 BTC'],
    ]);
  });

  it('is no purchase by hand, and a sale that a purchase has made good is none', () => {
    const moves = { ...NO_MOVES, foreignTrades: [handTrade(), handTrade({ side: 'buy', tradeId: '8' })] };
    expect(causes({ balances: { BTC: '0.4', USDT: '976' }, moves })).toEqual([
      ['BTC', 'unknown', 'no trade by hand and no withdrawal is known'],
      // 12 in fees, twice
      ['USDT', 'hand-trade', 'trades by hand took 24 USDT'],
    ]);
  });
});

describe('what harms nobody', () => {
  it('is recognised and blocks nothing: a deposit, a trade by hand with what was there besides', () => {
    const moves = {
      ...NO_MOVES,
      unexplained: [{ amounts: { USDT: '5000', ETH: '-1' }, at: AT }],
      foreignTrades: [handTrade()],
    };
    expect(ask({ balances: { BTC: '0.5', USDT: '17988' }, moves })).toEqual({
      status: 'ok',
      differences: [],
      recognised: [
        { asset: 'BTC', amount: '-0.2', cause: 'hand-trade' },
        { asset: 'ETH', amount: '-1', cause: 'withdrawal' },
        { asset: 'USDT', amount: '5000', cause: 'deposit' },
        { asset: 'USDT', amount: '11988', cause: 'hand-trade' },
      ],
      blocked: [],
      undecided: [],
    });
  });
});

describe('a trade on its way', () => {
  const short = { balances: { BTC: '0.4', USDT: '1000' } };

  it('is not judged: assets of sessions that are not settled, or have changed since the balances were read', () => {
    expect(ask({ ...short, sessions: [session({ settled: false })] })).toMatchObject({
      status: 'ok',
      undecided: ['BTC', 'USDT'],
    });
    expect(ask({ ...short, sessions: [session({ changedAt: AT + 1 })] })).toMatchObject({ undecided: ['BTC', 'USDT'] });
    // Balances are read up to five seconds before they are written down.
    expect(ask({ ...short, sessions: [session({ changedAt: AT - 4_999 })] })).toMatchObject({
      undecided: ['BTC', 'USDT'],
    });
    expect(ask({ ...short, sessions: [session({ changedAt: AT - 5_000 })] })).toMatchObject({
      undecided: [],
      status: 'differs',
    });
    expect(ask({ ...short, sessions: [session({ changedAt: null })] })).toMatchObject({
      undecided: [],
      status: 'differs',
    });
  });

  it('keeps nobody from judging the assets of others', () => {
    const sessions = [session(), session({ sessionId: 'b', positions: { ETH: '1' }, quote: 'EUR', settled: false })];
    expect(ask({ ...short, sessions })).toMatchObject({ status: 'differs', blocked: ['a'], undecided: ['ETH', 'EUR'] });
  });

  it('is only suspected at first, and blocks once the next question finds it again', () => {
    const first = ask({ ...short, before: null });
    expect(first).toMatchObject({ status: 'suspect', blocked: [], differences: [{ asset: 'BTC', confirmed: false }] });
    expect(ask({ ...short, before: first })).toMatchObject({ status: 'differs', blocked: ['a'] });
    expect(ask({ before: first })).toMatchObject({ status: 'ok', blocked: [] });
  });
});

describe('every account', () => {
  it('is ok exactly when no asset is short of the sum of its sessions', () => {
    const amount = fc.integer({ min: 0, max: 50 });
    const sessions = fc.array(fc.record({ btc: amount, eth: amount, cash: amount }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sessions, amount, amount, amount, (list, btc, eth, usdt) => {
        const holdings = list.map((each, i) =>
          session({ sessionId: `s${i}`, positions: { BTC: `${each.btc}`, ETH: `${each.eth}` }, cash: `${each.cash}` }),
        );
        const sum = (name: 'btc' | 'eth' | 'cash'): number => list.reduce((total, each) => total + each[name], 0);
        const short = [
          ...(sum('btc') > btc ? ['BTC'] : []),
          ...(sum('eth') > eth ? ['ETH'] : []),
          ...(sum('cash') > usdt ? ['USDT'] : []),
        ];
        const answer = ask({ sessions: holdings, balances: { BTC: `${btc}`, ETH: `${eth}`, USDT: `${usdt}` } });
        expect(answer.differences.map(({ asset }) => asset)).toEqual(short);
        expect(answer.status).toBe(short.length === 0 ? 'ok' : 'differs');
      }),
    );
  });
});
