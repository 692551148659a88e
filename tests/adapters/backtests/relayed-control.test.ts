import { expect, it } from '@jest/globals';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { guardedStrategy } from '../../../adapters/backtests/guarded-strategy.ts';
import { RelayedControl } from '../../../adapters/backtests/relayed-control.ts';
import type { BarContext, Strategy } from '../../../domain/strategies/strategy.ts';

const MB = 2 ** 20;

/** Holds so many more megabytes in buffers from the bar on that has this number. */
const holding = (megabytes: Readonly<Record<number, number>>): Strategy => {
  const kept: Uint8Array[] = [];
  return {
    id: 'own',
    title: 'Own',
    params: [],
    prepare: () => (context) => {
      kept.push(new Uint8Array((megabytes[context.bar.index] ?? 0) * MB));
    },
  };
};

const at = (index: number): BarContext => ({ symbol: 'X', bar: { index, time: 0 } }) as unknown as BarContext;

/** Work that lets a strategy hold 32 MB, and measures at each bar. */
function work(): RunControl {
  const control = new RunControl();
  control.maxBufferMb = 32;
  control.askMeasure();
  return control;
}

it('a strategy that stays loaded gives its signs of life to the work under way, and is measured from where that began', () => {
  const [first, second] = [work(), work()];
  const relayed = new RelayedControl(first);
  const strategy = guardedStrategy(holding({ 3: 30, 5: 30, 6: 64 }), 'own.mjs', relayed);
  const onBar = strategy.prepare({} as Parameters<Strategy['prepare']>[0], {});
  onBar(at(3));
  relayed.target = second;
  // With the 30 MB of the first it would be too much.
  onBar(at(5));
  expect([first.askedBar, second.askedBar]).toEqual([3, 5]);
  second.askMeasure();
  expect(() => onBar(at(6))).toThrow(/holds \d+ MB in buffers and typed arrays at bar 6.*32 MB are allowed/);
});
