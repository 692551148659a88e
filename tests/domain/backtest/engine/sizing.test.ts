import { describe, expect, it } from '@jest/globals';
import type { BrokerSettings, Sizing } from '../../../../domain/backtest/settings.ts';
import type { OrderRequest } from '../../../../domain/strategies/strategy.ts';
import { refused, runScript, type Row } from './scripted.ts';

const flat = (count: number): Row[] => Array.from({ length: count }, () => [100, 100, 100, 100]);

function sizeOf(
  sizing: Sizing,
  broker: Partial<BrokerSettings> = {},
  order: OrderRequest = {},
  rows = flat(3),
): number {
  const run = runScript(rows, { [rows.length - 2]: (c) => c.buy(order) }, { sizing, broker });
  expect(run.refusals).toEqual([]);
  return run.openTrades[0]!.size;
}

describe('sizing at the moment of the fill, on 10,000 of cash at a price of 100', () => {
  const commission = { maker: 0.01, taker: 0.01, fixed: 0 };

  it('cashShare: what is available x leverage x share, over price and commission', () => {
    expect(sizeOf({ kind: 'cashShare', value: 0.5 })).toBe(50);
    expect(sizeOf({ kind: 'cashShare', value: 0.5 }, { margin: 0.25 })).toBe(200);
    // 10,000 / (100 + 1).
    expect(sizeOf({ kind: 'cashShare', value: 1 }, { commission })).toBeCloseTo(10_000 / 101, 10);
    // With a spread of 2 % the commission is reckoned from the bare price: 10,000 / (102 + 1) = 97.09.
    expect(sizeOf({ kind: 'cashShare', value: 1 }, { commission, spread: 0.02, wholeUnits: true })).toBe(97);
  });

  it('cash: that amount, costs on top', () => {
    expect(sizeOf({ kind: 'cash', value: 2_550 }, { commission })).toBe(25.5);
  });

  it('units', () => {
    expect(sizeOf({ kind: 'units', value: 7 })).toBe(7);
  });

  it('equityShare: however much of the equity is in use, as long as the margin carries it', () => {
    const twice = (value: number) =>
      runScript(flat(4), { 0: (c) => c.buy(), 1: (c) => c.buy() }, { sizing: { kind: 'equityShare', value } });
    expect(twice(0.5).openTrades.map(({ size }) => size)).toEqual([50, 50]);
    expect(refused(twice(0.6))).toEqual(['NOT_ENOUGH_MARGIN(2)']);
  });

  it('equityShare: all of it is reduced by the commission, not refused', () => {
    expect(sizeOf({ kind: 'equityShare', value: 1 }, { commission })).toBeCloseTo(10_000 / 101, 10);
  });

  it('riskPerTrade: the loss at the stop is that share of equity', () => {
    // 1 % of 10,000 over 100 - 96.
    expect(sizeOf({ kind: 'riskPerTrade', value: 0.01 }, {}, { stopLoss: 96 })).toBe(25);
    // A trailing stop of 5 % starts at 95.
    expect(sizeOf({ kind: 'riskPerTrade', value: 0.01 }, {}, { trailingStop: 0.05 })).toBeCloseTo(20, 10);
    const rows: Row[] = [...flat(2), [100, 100, 96, 96]];
    const run = runScript(
      rows,
      { 0: (c) => c.buy({ stopLoss: 96 }) },
      { sizing: { kind: 'riskPerTrade', value: 0.01 } },
    );
    expect(run.equity.at(-1)).toBe(9_900);
  });

  it('riskPerTrade: refuses when the entry has gapped beyond its stop', () => {
    const rows: Row[] = [...flat(1), [95, 95, 95, 95]];
    const run = runScript(
      rows,
      { 0: (c) => c.buy({ stopLoss: 96 }) },
      { sizing: { kind: 'riskPerTrade', value: 0.01 } },
    );
    expect(refused(run)).toEqual(['INVALID_EXITS(1)']);
  });

  it('volatilityTarget: the share at which the position has that volatility', () => {
    // Closes 100, 110, 100, 110: log returns +l, -l, +l with l = ln 1.1 = 0.0953101798; mean l / 3, squares 2 (2l/3)^2 + (4l/3)^2 = 24/9 l^2,
    // deviation sqrt(24/18) l = 0.1100547; a year of 100 bars: 1.100547. Target 0.2753: share 0.2501483, at 110: 22.74 units.
    const closes: Row[] = [100, 110, 100, 110].map((price) => [price, price, price, price]);
    const rows: Row[] = [...closes, [110, 110, 110, 110]];
    const deviation = Math.sqrt(24 / 18) * Math.log(1.1);
    const sizing = { kind: 'volatilityTarget', value: 0.2753, window: 4, barsPerYear: 100, maxShare: 1 } as const;
    const expected = ((0.2753 / (deviation * 10)) * 10_000) / 110;
    expect(sizeOf(sizing, {}, {}, rows)).toBeCloseTo(expected, 7);
    expect(expected).toBeCloseTo(22.741, 3);
    expect(sizeOf({ ...sizing, maxShare: 0.11 }, {}, {}, rows)).toBeCloseTo(10, 10);
    // A price that does not move is bought up to the largest share.
    expect(sizeOf({ ...sizing, maxShare: 0.5 }, {}, {}, flat(6))).toBe(50);
  });

  it('volatilityTarget: the run asks the strategy only once the window is full', () => {
    const run = runScript(
      flat(6),
      {},
      {
        sizing: { kind: 'volatilityTarget', value: 0.1, window: 4, barsPerYear: 365, maxShare: 1 },
      },
    );
    expect(run.warmUpBars).toBe(3);
  });

  it('counts whole units by the exact quotient', () => {
    // (1 - 2^-52) x 10,000 over 100 is 99.99...: a rounded quotient would say 100.
    expect(sizeOf({ kind: 'cashShare', value: 1 - 2 ** -52 }, { wholeUnits: true })).toBe(99);
    expect(sizeOf({ kind: 'cashShare', value: 1 }, { wholeUnits: true })).toBe(100);
  });
});
