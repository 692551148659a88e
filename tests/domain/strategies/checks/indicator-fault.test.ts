import { describe, expect, it } from '@jest/globals';
import type { Indicator } from '../../../../domain/indicators/indicator.ts';
import { indicators } from '../../../../domain/indicators/registry.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { indicatorFault } from '../../../../domain/strategies/checks/indicator-fault.ts';
import { randomBars } from '../../../../domain/strategies/checks/random-bars.ts';

type Compute = Indicator['compute'];

const indicatorWith = (compute: Compute): Indicator => ({
  name: 'OWN',
  title: 'Own',
  params: [],
  inputs: ['close'],
  outputs: ['value'],
  lookback: () => 0,
  compute,
  stream: () => ({ next: (inputs, outputs) => void (outputs[0] = inputs[0]!) }),
});

describe('what is wrong with an indicator', () => {
  it('is nothing for those of the registry', () => {
    for (const indicator of indicators) {
      expect([indicator.name, indicatorFault(indicator, completeParams(indicator.params, {}).params)]).toEqual([
        indicator.name,
        null,
      ]);
    }
  });

  it.each<[string, Compute, string]>([
    [
      'reads the next bar',
      ([close], _, [out]) => out!.forEach((_value, i) => (out![i] = close![i + 1] ?? close![i]!)),
      'looks ahead: "value" at bar 0',
    ],
    [
      'divides by the largest value of all',
      ([close], _, [out]) => out!.forEach((_value, i) => (out![i] = close![i]! / Math.max(...close!))),
      'looks ahead: "value" at bar 0',
    ],
    [
      'changes a bar 40 later',
      ([close], _, [out]) => out!.forEach((_value, i) => (out![i] = i === 100 && close!.length > 140 ? 0 : close![i]!)),
      'looks ahead: "value" at bar 100',
    ],
    [
      'writes to its input',
      ([close], _, [out]) => (out!.set(close!), void close!.reverse()),
      'writes to its input "close"',
    ],
    [
      'says another thing in its stream',
      ([close], _, [out]) => out!.forEach((_value, i) => (out![i] = close![i]! * 2)),
      'says two things: its stream gives "value"',
    ],
  ])('is found when it %s', (_, compute, fault) => {
    expect(indicatorFault(indicatorWith(compute), {})).toContain(fault);
  });

  it('is nothing for one that keeps to what it knows', () => {
    expect(
      indicatorFault(
        indicatorWith(([close], _, [out]) => out!.set(close!)),
        {},
      ),
    ).toBeNull();
  });
});

it('makes the same consistent bars of a seed', () => {
  const bars = randomBars(300, 5, '5m');
  expect(randomBars(300, 5, '5m')).toEqual(bars);
  expect(randomBars(300, 6, '5m').close).not.toEqual(bars.close);
  for (let i = 0; i < bars.length; i++) {
    expect(bars.low[i]).toBeLessThanOrEqual(Math.min(bars.open[i]!, bars.close[i]!));
    expect(bars.high[i]).toBeGreaterThanOrEqual(Math.max(bars.open[i]!, bars.close[i]!));
    expect(bars.low[i]).toBeGreaterThan(0);
    expect(bars.time[i]! - bars.time[0]!).toBe(i * 300_000);
  }
});
