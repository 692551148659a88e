import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccountTrade, assetsOf, compareTrades } from '../../../domain/portfolio/account-trade.ts';
import { type BalanceQuestion, effectOf, explainBalances } from '../../../domain/portfolio/explain-balances.ts';
import '../../helpers/property-seed.ts';

const AS_OF = 1_723_161_600_000;

const trade = (given: Partial<AccountTrade> = {}): AccountTrade => ({
  tradeId: '1',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '60000',
  quantity: '0.1',
  fee: '0.0001',
  feeAsset: 'BTC',
  at: AS_OF - 5_000,
  ...given,
});

const explain = (given: Partial<BalanceQuestion>) =>
  explainBalances({
    before: { USDT: '10000', BTC: '1' },
    trades: [],
    after: { USDT: '10000', BTC: '1' },
    asOf: AS_OF,
    slackMs: 1_000,
    ...given,
  });

const shown = (given: AccountTrade) =>
  Object.fromEntries([...effectOf(given)].map(([asset, amount]) => [asset, amount.toFixed()]));

describe('what a trade does to balances', () => {
  it('gives the base and takes the quote of a buy, less a fee in base', () => {
    // 0.1 - 0.0001; 0.1 * 60,000
    expect(shown(trade())).toEqual({ BTC: '0.0999', USDT: '-6000' });
  });

  it('gives the quote and takes the base of a sale, less a fee in quote', () => {
    // 0.1 * 60,000 - 6
    expect(shown(trade({ side: 'sell', fee: '6', feeAsset: 'USDT' }))).toEqual({ BTC: '-0.1', USDT: '5994' });
  });

  it('takes a fee in a third asset, and adds a rebate', () => {
    expect(shown(trade({ fee: '0.02', feeAsset: 'BNB' }))).toEqual({ BTC: '0.1', USDT: '-6000', BNB: '-0.02' });
    expect(shown(trade({ fee: '-0.0001' }))).toEqual({ BTC: '0.1001', USDT: '-6000' });
  });

  it('needs a spot symbol', () => {
    expect(assetsOf('BTC/USDT')).toEqual({ base: 'BTC', quote: 'USDT' });
    for (const symbol of ['BTC', 'BTC/USDT:USDT', '/USDT'])
      expect(() => assetsOf(symbol)).toThrow(`"${symbol}" is no spot symbol`);
  });
});

describe('the explanation of balances', () => {
  it('is complete where nothing has changed', () => {
    expect(explain({})).toEqual({ cut: 0, amounts: {} });
  });

  it('is complete where the trades account for all of it', () => {
    expect(explain({ trades: [trade()], after: { USDT: '4000', BTC: '1.0999' } })).toEqual({ cut: 1, amounts: {} });
  });

  it('names what they leave, by asset: a deposit, a withdrawal, an asset that appears or goes', () => {
    expect(explain({ after: { USDT: '10500', BTC: '0.75' } }).amounts).toEqual({ USDT: '500', BTC: '-0.25' });
    expect(explain({ after: { USDT: '10000', ETH: '2' } }).amounts).toEqual({ BTC: '-1', ETH: '2' });
    expect(explain({ trades: [trade()], after: { USDT: '4001', BTC: '1.0999' } }).amounts).toEqual({ USDT: '1' });
  });

  it('takes the place nearest to its instant where several explain it', () => {
    // A purchase and its sale at one price leave nothing: before both, and after both.
    const there = trade({ fee: '0', at: AS_OF - 500 });
    const back = trade({ fee: '0', at: AS_OF - 400, tradeId: '2', side: 'sell' });
    expect(explain({ trades: [there, back] })).toEqual({ cut: 2, amounts: {} });
  });

  it.each([
    ['before its instant that is not in it', AS_OF - 900, { USDT: '10000', BTC: '1' }, 0],
    ['after its instant that is in it', AS_OF + 900, { USDT: '4000', BTC: '1.0999' }, 1],
  ])('knows a trade just %s', (_, at, after, cut) => {
    expect(explain({ trades: [trade({ at })], after })).toEqual({ cut, amounts: {} });
  });

  it('does not look for a place further away than the clocks can be off', () => {
    expect(explain({ trades: [trade({ at: AS_OF - 1_001 })] })).toEqual({
      cut: 1,
      amounts: { USDT: '6000', BTC: '-0.0999' },
    });
    expect(explain({ trades: [trade({ at: AS_OF + 1_001 })], after: { USDT: '4000', BTC: '1.0999' } })).toEqual({
      cut: 0,
      amounts: { USDT: '-6000', BTC: '0.0999' },
    });
  });

  it('allows for the eighth decimal that a venue may round each trade by, and no more', () => {
    const trades = [trade(), trade({ tradeId: '2' })];
    // Without rounding: 10,000 - 12,000 = -2,000 and 1.1998.
    const off = (amount: string) => explain({ trades, after: { USDT: amount, BTC: '1.1998' } }).amounts;
    expect(off('-2000.00000002')).toEqual({});
    expect(off('-2000.00000003')).toEqual({ USDT: '-0.00000003' });
  });

  it('finds the place of a balance that stands between any two of a burst of trades', () => {
    const burst = fc.array(
      fc.record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        lots: fc.integer({ min: 1, max: 1_000 }),
        after: fc.integer({ min: 0, max: 200 }),
      }),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(burst, fc.nat(10), (given, place) => {
        let at = AS_OF - 900;
        const trades = given.map(({ side, lots, after }, n) => {
          at = Math.min(AS_OF + 900, at + after);
          return trade({ tradeId: String(n), side, quantity: `0.0${String(lots).padStart(4, '0')}`, at });
        });
        const included = trades.slice(0, place);
        // Whole units of 1e-8 BTC and 1e-8 USDT, so that the sums below are exact.
        let btc = 100_000_000n;
        let usdt = 1_000_000_000_000n;
        for (const { side, quantity } of included) {
          const units = BigInt(quantity.slice(2)) * 1_000n;
          btc += (side === 'buy' ? units : -units) - 10_000n;
          usdt += (side === 'buy' ? -units : units) * 60_000n;
        }
        const text = (units: bigint): string => {
          const digits = String(units < 0n ? -units : units).padStart(9, '0');
          return `${units < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
        };
        const answer = explain({ trades, after: { BTC: text(btc), USDT: text(usdt) } });
        expect(answer.amounts).toEqual({});
      }),
    );
  });
});

describe('the order of trades', () => {
  it('is by time, then symbol, then the number that the trade id is', () => {
    const cut = (at: number, symbol: string, tradeId: string) => ({ at, symbol, tradeId });
    const sorted = [
      cut(1, 'BTC/USDT', '99'),
      cut(1, 'BTC/USDT', '100'),
      cut(1, 'ETH/USDT', '1'),
      cut(2, 'BTC/USDT', '1'),
    ];
    expect(sorted.toReversed().sort(compareTrades)).toEqual(sorted);
    expect(compareTrades(sorted[0]!, sorted[0]!)).toBe(0);
  });
});
