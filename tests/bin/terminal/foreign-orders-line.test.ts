import { expect, it } from '@jest/globals';
import { foreignOrdersLine } from '../../../bin/terminal/foreign-orders-line.ts';

it('orders of somebody else are counted for each account', () => {
  expect(foreignOrdersLine([{ venue: 'sim' }, { venue: 'other' }, { venue: 'sim' }])).toBe(
    'sim: 2 open orders of somebody else; see tradewind risk foreign-orders and risk reconciliations\n' +
      'other: 1 open order of somebody else; see tradewind risk foreign-orders and risk reconciliations\n',
  );
});

it('none, or none that are told, are no line', () => {
  expect(foreignOrdersLine([])).toBe('');
  expect(foreignOrdersLine(null)).toBe('');
});
