import { describe, expect, it } from '@jest/globals';
import type { BacktestDecision } from '../../../../domain/session/comparison/backtest-of.ts';
import { compareDecisions } from '../../../../domain/session/comparison/compare-decisions.ts';
import type { Decision, Signal } from '../../../../domain/session/decision.ts';
import { bar } from './trades.ts';

const BUY = { action: 'buy', side: 'buy', level: null, isStop: false } as const;
const CLOSE = { action: 'close', side: 'sell', level: null, isStop: false } as const;
const fired = ({ action, side }: Pick<Signal, 'action' | 'side'>): Signal => ({
  action,
  side,
  outcome: 'fired',
  reason: null,
  orders: [1],
});

const decision = (given: Partial<Decision> = {}): Decision => ({
  symbol: 'BTC/USDT',
  bar: bar(5),
  closedAt: bar(6),
  mode: 'ask',
  blocked: null,
  close: 100,
  values: { SMA_3: 99.5, SMA_8: null },
  signals: [fired(BUY)],
  position: 0,
  equity: 10_000,
  ...given,
});
const asked = (given: Partial<BacktestDecision> = {}): BacktestDecision => ({
  symbol: 'BTC/USDT',
  bar: bar(5),
  close: 100,
  values: { SMA_3: 99.5, SMA_8: null },
  position: 0,
  signals: [BUY],
  ...given,
});

const compare = (session: readonly Decision[], backtest: readonly BacktestDecision[], wasRefused = false) =>
  compareDecisions(session, backtest, () => wasRefused);

describe('decisions of a session and its backtest', () => {
  it('are equal where candle, lines and signals are', () => {
    expect(compare([decision()], [asked()])).toEqual({ compared: 1, equal: 1, differences: [], missedBars: [] });
  });

  it('are equal whatever number of units the same signals came with', () => {
    expect(compare([decision({ position: 0.3 })], [asked({ position: 0.31 })]).equal).toBe(1);
  });

  it.each([
    ['a bar that the session has not handled', null, asked(), 'NOT_DECIDED', 'has not handled the bar'],
    ['a bar that the backtest was not asked at', decision(), null, 'NOT_ASKED', 'was not asked'],
    ['another candle', decision(), asked({ close: 100.5 }), 'CANDLE', 'a close of 100, the backtest of 100.5'],
    [
      'another value of a line',
      decision(),
      asked({ values: { SMA_3: 99.4, SMA_8: null } }),
      'VALUES',
      'SMA_3 is 99.5 in the session and 99.4 in the backtest',
    ],
    [
      'a line that only one of them has',
      decision(),
      asked({ values: { SMA_3: 99.5, SMA_8: 3 } }),
      'VALUES',
      'SMA_8 is none in the session and 3 in the backtest',
    ],
    [
      'another position',
      decision({ position: 1, signals: [fired(CLOSE)] }),
      asked(),
      'POSITION',
      'the session held 1 units, the backtest 0',
    ],
    ['other signals without a cause', decision({ signals: [] }), asked(), 'SIGNALS', 'other orders were waiting'],
    [
      'the other order of signals',
      decision({ signals: [fired(CLOSE), fired(BUY)] }),
      asked({ signals: [BUY, CLOSE] }),
      'SIGNALS',
      '',
    ],
    [
      'a signal outside the hours',
      decision({
        mode: 'exits',
        blocked: 'HOURS',
        signals: [{ ...fired(BUY), outcome: 'blocked', reason: 'HOURS', orders: [] }],
      }),
      asked(),
      'HOURS',
      'was blocked: HOURS',
    ],
    [
      'a signal that the books refused',
      decision({ signals: [{ ...fired(BUY), outcome: 'refused', reason: 'NOT_ENOUGH_MARGIN', orders: [] }] }),
      asked(),
      'REFUSED',
      'the books refused the buy: NOT_ENOUGH_MARGIN',
    ],
  ])('differ by %s', (_, session, backtest, reason, detail) => {
    const found = compare(session === null ? [] : [session], backtest === null ? [] : [backtest]);
    expect(found).toMatchObject({ compared: 1, equal: 0, differences: [{ bar: bar(5), symbol: 'BTC/USDT', reason }] });
    expect(found.differences[0]!.detail).toContain(detail);
  });

  it('tell what each asked for', () => {
    const { differences } = compare([decision({ signals: [] })], [asked({ signals: [CLOSE, BUY] })]);
    expect(differences).toMatchObject([{ session: [], backtest: ['close', 'buy'] }]);
    expect(compare([], [asked()]).differences).toMatchObject([{ session: null, backtest: ['buy'] }]);
  });

  it('are equal where both were refused, or there was nothing to leave for either', () => {
    const refused = (reason: string): Decision =>
      decision({ signals: [{ ...fired(CLOSE), outcome: 'refused', reason, orders: [] }] });
    const close = asked({ signals: [CLOSE] });
    expect(compare([refused('BELOW_LOT')], [close], true).equal).toBe(1);
    expect(compare([refused('NOTHING_TO_REDUCE')], [close]).equal).toBe(1);
    expect(compare([refused('NOTHING_TO_REDUCE')], [{ ...close, position: 2 }]).differences).toMatchObject([
      { reason: 'REFUSED' },
    ]);
  });

  it('are equal where the session handled a bar without a signal at which the backtest was not warm', () => {
    expect(compare([decision({ signals: [] })], [])).toEqual({
      compared: 1,
      equal: 1,
      differences: [],
      missedBars: [],
    });
  });

  it('name the bars that were missed, also those at which nothing was asked for', () => {
    const missed = (at: number): Decision =>
      decision({ bar: bar(at), mode: 'mute', blocked: 'MISSED', signals: [], values: {} });
    const quiet = (at: number): BacktestDecision => asked({ bar: bar(at), values: {}, signals: [] });
    const paused: Decision = { ...missed(4), blocked: 'PAUSED' };
    const session = [missed(6), paused, missed(5), { ...missed(5), symbol: 'ETH/USDT' }];
    const found = compare(session, [quiet(3), quiet(4), quiet(5), quiet(6)]);
    // Bar 3 is not among the session's decisions at all.
    expect(found.missedBars).toEqual([bar(3), bar(5), bar(6)]);
    expect([found.compared, found.equal]).toEqual([5, 4]);
  });

  it('are held against each other by bar and symbol, and told in time', () => {
    const bars = [7, 3].map(bar);
    const session = bars.flatMap((at) => ['ETH/USDT', 'BTC/USDT'].map((symbol) => decision({ bar: at, symbol })));
    const backtest = bars.map((at) => asked({ bar: at }));
    const { compared, equal, differences } = compare(session, backtest);
    expect([compared, equal]).toEqual([4, 2]);
    expect(differences.map(({ bar: at, symbol }) => [at, symbol])).toEqual([
      [bar(3), 'ETH/USDT'],
      [bar(7), 'ETH/USDT'],
    ]);
  });
});
