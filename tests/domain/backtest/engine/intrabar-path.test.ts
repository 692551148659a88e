import { describe, expect, it } from '@jest/globals';
import type { IntrabarPath } from '../../../../domain/backtest/settings.ts';
import { refused, runScript, type Row, type Script, told } from './scripted.ts';

const first: Row = [100, 100, 100, 100];

function on(path: IntrabarPath, rows: readonly Row[], script: Script): readonly string[] {
  return told(runScript(rows, script, { broker: { intrabar: path } }));
}

describe('the order of the extremes of a bar', () => {
  // Both exits lie in bar 1, whose low is nearer to its open.
  const rows: Row[] = [first, [100, 112, 94, 105]];
  const script: Script = { 0: (c) => c.buy({ stopLoss: 95, takeProfit: 110 }) };

  it.each([
    ['worst-first', '1 @ 100(1) -> 95(1) stop-loss'],
    ['open-high-low-close', '1 @ 100(1) -> 110(1) take-profit'],
    ['open-low-high-close', '1 @ 100(1) -> 95(1) stop-loss'],
    ['nearest-first', '1 @ 100(1) -> 95(1) stop-loss'],
  ] as const)('decides which exit is hit: %s', (path, expected) => {
    expect(on(path, rows, script)).toEqual([expected]);
  });

  it('takes the high first when it is nearer', () => {
    expect(on('nearest-first', [first, [100, 110, 88, 105]], script)).toEqual(['1 @ 100(1) -> 110(1) take-profit']);
  });
});

describe('entries inside a bar on a known path', () => {
  it('watches their exits over the rest of the path', () => {
    // Up first: the limit 96 is met on the way down, the low 94 stops it at 95; the high 112 is over by then.
    const rows: Row[] = [first, [100, 112, 94, 105]];
    const script: Script = { 0: (c) => c.buy({ limit: 96, stopLoss: 95, takeProfit: 110 }) };
    expect(on('open-high-low-close', rows, script)).toEqual(['1 @ 96(1) -> 95(1) stop-loss']);
    // Down first with a lower stop: filled at 96, target at 110 on the way up.
    const lower: Script = { 0: (c) => c.buy({ limit: 96, stopLoss: 93, takeProfit: 110 }) };
    expect(on('open-low-high-close', rows, lower)).toEqual(['1 @ 96(1) -> 110(1) take-profit']);
  });

  it('lets a triggered stop-limit fill at its limit later on the path', () => {
    // Up to 106 triggers 104, down to 98 meets 103. The other way round the price has been at 103 before, and ends at 105.
    const rows: Row[] = [first, [101, 106, 98, 105]];
    const script: Script = { 0: (c) => c.buy({ stop: 104, limit: 103 }) };
    expect(on('open-high-low-close', rows, script)).toEqual(['1 @ 103(1) open']);
    expect(on('open-low-high-close', rows, script)).toEqual([]);
  });

  it('fills what is met in the order of the path and not in that of the orders', () => {
    const rows: Row[] = [first, [100, 108, 99, 105]];
    const script: Script = {
      0: (c) => {
        c.buy({ stop: 107, oco: 'one' });
        c.buy({ stop: 103, oco: 'one' });
      },
    };
    expect(on('open-high-low-close', rows, script)).toEqual(['1 @ 103(1) open']);
  });

  it('fills gaps at the open', () => {
    const rows: Row[] = [first, [100, 100, 100, 100], [90, 96, 89, 91]];
    const script: Script = { 0: (c) => c.buy({ stopLoss: 95, takeProfit: 110 }) };
    expect(on('open-high-low-close', rows, script)).toEqual(['1 @ 100(1) -> 90(2) stop-loss']);
  });
});

describe('what a position is worth in the middle of a bar', () => {
  it('values it at the price of the moment and never at the close that is still to come', () => {
    // 50 units are held from 100 on. Bar 2 opens at 100 and closes at 120. Half of what is available at the open buys, with a margin of 0.5:
    // (10,000 - 2,500) x 2 / 2 / 100 = 75 units. The close would make it (11,000 - 3,000) x 2 / 2 / 100 = 80.
    const rows: Row[] = [first, first, [100, 120, 100, 120]];
    const script: Script = {
      0: (c) => c.buy({ size: 50 }),
      1: (c) => c.buy({ size: { kind: 'cashShare', value: 0.5 } }),
    };
    const sizes = (intrabar: IntrabarPath): readonly number[] =>
      runScript(rows, script, { broker: { intrabar, margin: 0.5 } }).openTrades.map(({ size }) => size);
    expect(sizes('open-high-low-close')).toEqual([50, 75]);
    expect(sizes('worst-first')).toEqual([50, 75]);
  });

  it('values it at the limit at which a further entry fills', () => {
    // Bar 2 falls from 100 to the limit at 90 and closes at 120: 50 units have lost 500 by then. (9,500 - 50 x 90 / 2) x 2 / 2 / 90 = 80.55.
    const rows: Row[] = [first, first, [100, 120, 90, 120]];
    const script: Script = {
      0: (c) => c.buy({ size: 50 }),
      1: (c) => c.buy({ limit: 90, size: { kind: 'cashShare', value: 0.5 } }),
    };
    const broker = { margin: 0.5, wholeUnits: true } as const;
    expect(runScript(rows, script, { broker }).openTrades.map(({ size }) => size)).toEqual([50, 80]);
  });
});

describe('the open in worst-first order', () => {
  it('fills a market order at the open before the stop that the bar reaches later', () => {
    // All cash is in 100 units when bar 2 opens: nothing is left for the second order, though the stop at 95 pays out within the bar.
    const rows: Row[] = [first, first, [100, 100, 94, 96]];
    const script: Script = {
      0: (c) => c.buy({ size: 100, stopLoss: 95 }),
      1: (c) => c.buy({ size: 50 }),
    };
    const run = runScript(rows, script);
    expect(told(run)).toEqual(['100 @ 100(1) -> 95(2) stop-loss']);
    expect(refused(run)).toEqual(['NOT_ENOUGH_MARGIN(2)']);
  });

  it('fills a market order at the open behind a stop that the gap has passed', () => {
    // The gap to 94 sells 100 units there: 10,000 - 600 buy 100 units of 94.
    const rows: Row[] = [first, first, [94, 95, 93, 94]];
    const script: Script = {
      0: (c) => c.buy({ size: 100, stopLoss: 95 }),
      1: (c) => c.buy({ size: { kind: 'cashShare', value: 1 } }),
    };
    expect(told(runScript(rows, script))).toEqual(['100 @ 100(1) -> 94(2) stop-loss', '100 @ 94(2) open']);
  });

  it('takes the profit of a gap over the target though the bar falls to the stop afterwards', () => {
    const rows: Row[] = [first, first, [112, 113, 94, 96]];
    const script: Script = { 0: (c) => c.buy({ stopLoss: 95, takeProfit: 110 }) };
    expect(told(runScript(rows, script))).toEqual(['1 @ 100(1) -> 112(2) take-profit']);
    // Not over it at the open, both are reached, and the stop counts.
    const both: Row[] = [first, first, [109, 113, 94, 96]];
    expect(told(runScript(both, script))).toEqual(['1 @ 100(1) -> 95(2) stop-loss']);
  });

  it('watches the exits of a limit entry from the next bar on, whatever else is opened in its bar', () => {
    // Bar 1 falls to the limit at 95 and to its stop at 93, in what order with the high nobody knows. The market order has exits of its own,
    // for which the bar is looked at again.
    const rows: Row[] = [first, [100, 101, 92, 96], [96, 97, 95, 96]];
    const script: Script = {
      0: (c) => {
        c.buy({ limit: 95, stopLoss: 93 });
        c.buy({ stopLoss: 80 });
      },
    };
    expect(told(runScript(rows, script))).toEqual(['1 @ 100(1) open', '1 @ 95(1) open']);
  });

  it('leaves a limit on the near side of its stop to a later bar, whatever else is opened in its bar', () => {
    const rows: Row[] = [first, [100, 106, 94, 100], [100, 101, 94, 96]];
    const script: Script = {
      0: (c) => {
        c.buy({ stop: 105, limit: 95 });
        c.buy({ stopLoss: 80 });
      },
    };
    expect(told(runScript(rows, script))).toEqual(['1 @ 100(1) open', '1 @ 95(2) open']);
  });
});
