import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { problemCodes } from '../../api/problem-codes.ts';
import { problemTable } from '../../api/problem-table.ts';

it('docs/errors.md is the table of the codes as they are', () => {
  expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(problemTable());
});

it('holds every code once', () => {
  for (const code of Object.keys(problemCodes)) expect(problemTable().split(`| \`${code}\` |`)).toHaveLength(2);
});
