import { describe, expect, it } from '@jest/globals';
import { ENGINE_VERSION, manifestOf, replayProblems } from '../../../domain/backtest/manifest.ts';
import { parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';

const HASH = 'a'.repeat(64);
const FOUND = {
  data: [{ symbol: 'X', timeframe: '1m', hash: HASH, bars: 9 }],
  strategyHash: null,
  nodeMajor: 20,
} as const;

function manifest(given: object = {}) {
  const parsed = parseSpec(
    {
      data: { file: '/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
      strategy: { id: 'buy-and-hold' },
      seed: 7,
      ...given,
    },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return manifestOf(parsed.request.spec, FOUND);
}

describe('a manifest', () => {
  it('is read back as the request that it came of, with what it expects', () => {
    const written = manifest();
    const parsed = parseSpec(JSON.parse(JSON.stringify(written)), strategies);
    expect(parsed).toEqual({ ok: true, request: { spec: written.spec, expected: written } });
  });

  it('is no replay when data, strategy, engine or Node differ, and says which', () => {
    const expected = manifest();
    const fields = (found: object) => replayProblems(expected, { ...FOUND, ...found }).map(({ field }) => field);
    expect(fields({})).toEqual([]);
    expect(fields({ data: [{ ...FOUND.data[0], hash: 'b'.repeat(64) }] })).toEqual(['data.0.hash']);
    expect(fields({ data: [] })).toEqual(['data', 'data.0.hash']);
    expect(fields({ strategyHash: HASH })).toEqual(['strategyHash']);
    expect(fields({ nodeMajor: 22 })).toEqual(['nodeMajor']);
    const older = { ...expected, engineVersion: '0.9.0' };
    expect(replayProblems(older, FOUND)).toEqual([
      {
        field: 'engineVersion',
        value: '0.9.0',
        message: `the engine is another than that of the manifest: it is now "${ENGINE_VERSION}"`,
      },
    ]);
  });

  it('names what of a strategy in several files has changed', () => {
    const parts = [
      { name: './own.mjs', version: HASH },
      { name: './levels.mjs', version: HASH },
    ] as const;
    const expected = manifestOf(manifest().spec, { ...FOUND, strategyHash: HASH, strategyParts: parts });
    expect(parseSpec(JSON.parse(JSON.stringify(expected)), strategies)).toMatchObject({
      ok: true,
      request: { expected },
    });
    const found = { ...FOUND, strategyHash: 'b'.repeat(64), strategyParts: [parts[0], { ...parts[1], version: 'b' }] };
    expect(replayProblems(expected, found)).toMatchObject([
      { field: 'strategyHash', message: expect.stringContaining('(./levels.mjs has changed)') },
    ]);
  });

  it.each([
    ['engineVersion', { engineVersion: 1 }],
    ['nodeMajor', { nodeMajor: '20' }],
    ['data', { data: [{ hash: 'short' }] }],
    ['strategyHash', { strategyHash: 'x' }],
    ['strategyParts', { strategyParts: [{ name: './own.mjs' }] }],
    ['seed', { seed: 8 }],
    ['spec.broker.cash', { spec: { ...manifest().spec, broker: { cash: -1 } } }],
  ])('is refused when %s was changed', (field, change) => {
    const parsed = parseSpec({ ...manifest(), ...change }, strategies);
    expect(parsed).toMatchObject({ ok: false, problems: [{ field }] });
  });
});
