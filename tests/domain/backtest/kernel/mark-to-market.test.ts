import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CASH,
  COST,
  DEEPEST,
  initialise,
  PEAK,
  STATE_SIZE,
  UNITS,
} from '../../../../domain/backtest/kernel/combo-state.ts';
import { markToMarket } from '../../../../domain/backtest/kernel/mark-to-market.ts';
import { marketTables } from '../../../../domain/backtest/kernel/market-tables.ts';
import { maxDrawdownOf } from '../../../../domain/backtest/metrics/drawdown.ts';
import { allocateCandles } from '../../../../domain/market/candles.ts';

const BARS = 400;
const START_CASH = 1000;

/** Bars that move by the given steps of a thousandth, with a drift, so that there are peaks and falls within blocks and over them. */
function closesOf(steps: readonly number[], drift: number): Float64Array {
  let price = 100;
  return Float64Array.from(steps, (step) => (price *= 1 + (step + drift) / 1000));
}

it('finds the peak and the deepest drawdown of what is held, block by block or bar by bar', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: BARS, maxLength: BARS }),
      fc.integer({ min: -1, max: 3 }),
      fc.constantFrom(5, -5),
      fc.uniqueArray(fc.integer({ min: 1, max: BARS - 1 }), { maxLength: 6 }),
      fc.boolean(),
      (steps, drift, units, cuts, withBlocks) => {
        const close = closesOf(steps, drift * Math.sign(units));
        const candles = { ...allocateCandles('X', '1d', BARS), close };
        const market = marketTables(candles, 0, BARS, new Int32Array(0), withBlocks);
        const s = new Float64Array(STATE_SIZE);
        initialise(s, 0, START_CASH, {});
        s[UNITS] = units;
        s[COST] = units * 100;
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), BARS];
        for (let k = 1; k < bounds.length; k++) markToMarket(market, s, 0, bounds[k - 1]!, bounds[k]!);
        const equity = close.map((price) => s[CASH]! + (price * units - s[COST]!));
        expect(s[PEAK]).toBe(Math.max(START_CASH, ...equity));
        expect(1 - s[DEEPEST]!).toBeCloseTo(maxDrawdownOf(equity, START_CASH), 14);
      },
    ),
    { numRuns: 300 },
  );
});
