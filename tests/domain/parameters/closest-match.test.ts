import { expect, it } from '@jest/globals';
import { closestMatch } from '../../../domain/parameters/closest-match.ts';

it.each([
  ['BTCUSDT', 'BTC/USDT'],
  ['btc/usdt', 'BTC/USDT'],
  ['ETH/USDC', 'ETH/USDT'],
  ['ETH-USDT', 'ETH/USDT'],
  ['XRP/EUR', null],
  ['', null],
])('%s most likely means %s', (given, meant) => {
  expect(closestMatch(given, ['BTC/USDT', 'ETH/USDT'])).toBe(meant);
});
