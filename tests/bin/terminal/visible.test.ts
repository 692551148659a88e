import { describe, expect, it } from '@jest/globals';
import { readableProblem } from '../../../bin/terminal/errors.ts';
import { listOf, tableOf } from '../../../bin/terminal/output.ts';
import { visible } from '../../../bin/terminal/visible.ts';

describe('text of others', () => {
  it.each([
    ['plain text, with ü, 漢 and 🎉', 'plain text, with ü, 漢 and 🎉'],
    ['boom \u001B[31mred\u001B[0m\nsecond', String.raw`boom \u001b[31mred\u001b[0m\nsecond`],
    ['\u202Eturned\u009B', String.raw`\u202eturned\u009b`],
    ['\u2028', String.raw`\u2028`],
    ['\u{E0001}', String.raw`\u{e0001}`],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('breaks neither lists nor tables', () => {
    expect(listOf([['problem', 'a\nb\u001B[2J']])).toBe('problem  a\\nb\\u001b[2J\n');
    expect(
      tableOf(['detail'], [['a\nb']])
        .trimEnd()
        .split('\n'),
    ).toHaveLength(
      tableOf(['detail'], [['a']])
        .trimEnd()
        .split('\n').length,
    );
  });

  it('is written out in problems', () => {
    const shown = readableProblem({
      type: 'x',
      title: 'It cannot be used',
      status: 422,
      detail: 'it threw \u001B[31m',
      code: 'X',
      errors: [{ field: 'name', value: '\u202Ex', message: 'no' }],
    });
    expect(shown).toBe(
      ['It cannot be used (X, 422)', String.raw`  it threw \u001b[31m`, String.raw`  name is "\u202ex": no`, ''].join(
        '\n',
      ),
    );
  });
});
