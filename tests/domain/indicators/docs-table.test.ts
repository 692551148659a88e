import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { indicators } from '../../../domain/indicators/registry.ts';

it('lists every indicator in docs/indicators.md as it is declared', async () => {
  const text = await readFile(new URL('../../../docs/indicators.md', import.meta.url), 'utf8');
  const listed = text.split('\n').filter((line) => line.startsWith('| `'));
  const declared = indicators.map(({ name, title, params, inputs, outputs }) => {
    const given = params.map((param) => `${param.name} ${param.default}`).join(', ') || '–';
    return `| \`${name}\` | ${title} | ${given} | ${inputs.join(', ')} | ${outputs.join(', ')} |`;
  });
  expect(listed).toEqual(declared);
});
