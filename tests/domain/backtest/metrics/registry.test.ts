import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ALL_METRICS } from '../../../../domain/backtest/metrics/registry.ts';
import { summarise } from '../../../../domain/backtest/metrics/summarise.ts';
import { runOf } from './runs.ts';

const documented = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

describe('every metric', () => {
  it('has a name of its own', () => {
    const names = ALL_METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(ALL_METRICS.map(({ name, unit, definition }) => [name, unit, definition] as const))(
    '%s stands in docs/metrics.md with its unit and definition',
    (name, unit, definition) => {
      const cells = [`\`${name}\``, unit, definition].map((cell) => cell.replaceAll('|', '\\|'));
      expect(documented).toContain(`| ${cells.join(' | ')} |`);
    },
  );

  it('is in the summary of a run with a benchmark, and nothing else is', () => {
    const { values } = summarise(runOf([100, 101, 99, 102]), {
      periodsPerYear: 365,
      benchmark: Float64Array.of(1, 2, 3, 4),
    });
    expect(Object.keys(values).toSorted()).toEqual(ALL_METRICS.map(({ name }) => name).toSorted());
  });
});
