import { describe, expect, it } from '@jest/globals';
import {
  marketBenchmarks,
  type MarketBenchmarksInput,
  noMarketBenchmarks,
} from '../../../../domain/execution/costs/market-benchmarks.ts';
import type { PublicTrade } from '../../../../domain/market/public-trade.ts';

const print = (tradeId: string, at: number, price: string, quantity: string): PublicTrade => ({
  tradeId,
  at,
  price,
  quantity,
});

const before = print('10', 400, '100', '7');
const trades = [
  print('11', 3_000, '102', '1'),
  print('12', 3_000, '110', '5'),
  print('13', 6_000, '98', '3'),
  print('14', 11_000, '50', '0.5'),
];

const reading = (
  given: Partial<Extract<MarketBenchmarksInput['tape'], { complete: true }>> = {},
  rest: Partial<Omit<MarketBenchmarksInput, 'tape'>> = {},
): MarketBenchmarksInput => ({
  tape: { complete: true, trades, before, ...given },
  from: 1_000,
  to: 11_000,
  own: [{ tradeId: '12', at: 3_000 }],
  ...rest,
});

describe('market benchmarks', () => {
  it('leave out our own trade 12 from VWAP, TWAP and volume', () => {
    // Others: 1 at 102, 3 at 98, 0.5 at 50: volume 4.5, VWAP (102 + 294 + 25) / 4.5 = 93.5555...
    // Last price of others on [1 s, 11 s]: 100 for 2 s, 102 for 3 s, 98 for 5 s: (200 + 306 + 490) / 10 = 99.6.
    expect(marketBenchmarks(reading())).toEqual({
      vwap: '93.555555555556',
      twap: '99.6',
      volume: '4.5',
      trades: 3,
      reasons: {},
    });
  });

  it('count every print when none is ours', () => {
    // (421 + 550) / 9.5 = 102.2105263157894736...; TWAP (200 + 330 + 490) / 10 = 102, as 110 follows 102 at once.
    expect(marketBenchmarks(reading({}, { own: [] }))).toMatchObject({
      vwap: '102.210526315789',
      twap: '102',
      volume: '9.5',
      trades: 4,
    });
  });

  it('keep the price before the interval when nobody trades in it', () => {
    expect(marketBenchmarks(reading({ trades: [] }, { own: [] }))).toEqual({
      vwap: null,
      twap: '100',
      volume: '0',
      trades: 0,
      reasons: { vwap: 'nobody else traded in the interval' },
    });
  });

  it('have no VWAP when we were the whole market', () => {
    const alone = marketBenchmarks(reading({ trades: trades.slice(1, 2), before }));
    expect(alone).toMatchObject({ vwap: null, volume: '0', twap: '100' });
  });

  it.each([
    ['the tape has no earlier print', null],
    ['the only earlier print is ours', print('12', 900, '110', '5')],
  ])('have no TWAP when %s, as the price at the start is not known', (_, earlier) => {
    const late = [print('13', 6_000, '98', '3')];
    const own = [{ tradeId: '12', at: 900 }];
    const figures = marketBenchmarks(reading({ trades: late, before: earlier }, { own }));
    expect(figures).toMatchObject({ vwap: '98', twap: null });
    expect(figures.reasons['twap']).toContain('before the first trade');
  });

  it('need no earlier print when one falls on the start itself', () => {
    const punctual = [print('11', 1_000, '102', '1')];
    expect(marketBenchmarks(reading({ trades: punctual, before: null }, { own: [] })).twap).toBe('102');
  });

  it('let a print whose time falls behind its predecessor stand for no time', () => {
    // 100 for 2 s, 102 for 0 s (the next print is stamped earlier), 98 for 8 s: (200 + 784) / 10 = 98.4
    const unordered = [print('11', 3_000, '102', '1'), print('12', 2_990, '98', '1')];
    expect(marketBenchmarks(reading({ trades: unordered }, { own: [] })).twap).toBe('98.4');
  });

  it('have no TWAP of an interval without length', () => {
    const figures = marketBenchmarks(reading({ trades: [print('11', 1_000, '102', '1')] }, { to: 1_000, own: [] }));
    expect(figures).toMatchObject({ vwap: '102', twap: null, reasons: { twap: 'the interval has no length' } });
  });

  it.each<[string, MarketBenchmarksInput, string]>([
    [
      'the reading is incomplete',
      { ...reading(), tape: { complete: false, reason: 'trades 5 to 9 are missing' } },
      'the public tape is incomplete: trades 5 to 9 are missing',
    ],
    [
      'an id is missing',
      reading({ trades: [trades[0]!, trades[2]!] }, { own: [] }),
      'the public tape has a gap between trade 11 and trade 13',
    ],
    [
      'an id comes twice',
      reading({ trades: [trades[0]!, trades[0]!] }, { own: [] }),
      'the public tape has a gap between trade 11 and trade 11',
    ],
    [
      'a trade lies outside the interval',
      reading({ trades: [print('11', 11_001, '1', '1')] }),
      'trade 11 at 11001 lies outside [1000, 11000]',
    ],
    [
      'a trade of ours is not on it',
      reading({}, { own: [{ tradeId: '99', at: 5_000 }] }),
      'our own trade 99 is not on the public tape',
    ],
    ['the interval is reversed', reading({}, { to: 999 }), 'the interval ends (999) before it starts (1000)'],
  ])('are all undefined, with the reason, when %s', (_, input, reason) => {
    expect(marketBenchmarks(input)).toEqual(noMarketBenchmarks(reason));
  });

  it('do not miss a trade of ours from outside the interval', () => {
    const later = [
      { tradeId: '12', at: 3_000 },
      { tradeId: '99', at: 11_001 },
    ];
    expect(marketBenchmarks(reading({}, { own: later })).vwap).toBe('93.555555555556');
  });
});
