import { expect, it } from '@jest/globals';
import { detailsTable } from '../../../adapters/temporal/details-table.ts';
import { detailsTable as currentDetails } from '../../../workflows/session/details.ts';

/** Two spaces that no browser takes away. */
const GAP = '&nbsp;&nbsp;'.replaceAll('&nbsp;', String.fromCodePoint(160));

it('keeps names from running into their texts, and each text in its cell', () => {
  expect(detailsTable([['missed bars', 'a|b\nc']]).split('\n')).toEqual([
    '| | |',
    '|---|---|',
    `| missed bars${GAP} | a/b c |`,
  ]);
});

it('so do the current details of a session', () => {
  const table = currentDetails({ status: 'running', problem: 'X: a\nb', facts: [['last decision', 'none']] });
  expect(table.split('\n').slice(2)).toEqual([
    `| status${GAP} | running |`,
    `| last decision${GAP} | none |`,
    `| problem${GAP} | X: a b |`,
  ]);
});
