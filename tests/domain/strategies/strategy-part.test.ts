import { describe, expect, it } from '@jest/globals';
import { partChanges, type StrategyPart } from '../../../domain/strategies/strategy-part.ts';

const OWN: StrategyPart = { name: './own.mjs', version: 'a' };
const LEVELS: StrategyPart = { name: './levels.mjs', version: 'b' };
const PACKAGE: StrategyPart = { name: 'averages', version: '1.0.0' };

describe('what has changed in a strategy', () => {
  it.each<[string, readonly StrategyPart[], readonly StrategyPart[], string]>([
    ['its only file', [], [], 'own.mjs has changed'],
    ['one that imports', [OWN, LEVELS], [OWN, { ...LEVELS, version: 'c' }], './levels.mjs has changed'],
    [
      'a package',
      [OWN, LEVELS, PACKAGE],
      [OWN, LEVELS, { ...PACKAGE, version: '1.0.1' }],
      'the package averages is 1.0.1 and was 1.0.0',
    ],
    [
      'what is imported',
      [OWN, LEVELS],
      [{ ...OWN, version: 'z' }, PACKAGE],
      'own.mjs has changed, ./levels.mjs is imported no longer, averages is imported now',
    ],
    ['that it imports something', [], [OWN, LEVELS], 'own.mjs has changed, or what it imports: ./levels.mjs'],
    ['that it imports nothing', [OWN, LEVELS], [], 'own.mjs has changed: it imports ./levels.mjs no longer'],
    // Its name is not what it is.
    ['nothing but its name', [OWN, LEVELS], [{ ...OWN, name: './renamed.mjs' }, LEVELS], ''],
  ])('is told: %s', (_, before, now, text) => {
    expect(partChanges('own.mjs', before, now)).toBe(text);
  });
});
