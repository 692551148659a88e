import { beforeEach, describe, expect, it } from '@jest/globals';
import { PriceBoard } from '../../../adapters/streams/price-board.ts';

const SYMBOL = 'BTC/USDT';
let now: number;
let board: PriceBoard;
beforeEach(() => {
  now = 1_000;
  board = new PriceBoard({ now: () => now });
});
const print = (price: string, at: number) => ({ tradeId: String(at), price, quantity: '1', at });

describe('last prices', () => {
  it('are told once each time they change, all of a symbol together', () => {
    expect(board.take()).toEqual([]);
    board.printed(SYMBOL, [print('10', 5), print('11', 6)]);
    now = 1_001;
    board.touched(SYMBOL, { bid: ['10.5', '3'], ask: null });
    board.touched('ETH/USDT', { bid: null, ask: ['2', '1'] });
    expect(board.take()).toEqual([
      { symbol: SYMBOL, last: '11', bid: '10.5', ask: null, at: 6, receivedAt: 1_001 },
      { symbol: 'ETH/USDT', last: null, bid: null, ask: '2', at: null, receivedAt: 1_001 },
    ]);
    expect(board.take()).toEqual([]);
    // Another quantity at the same price is no other price.
    board.touched(SYMBOL, { bid: ['10.5', '2'], ask: null });
    expect(board.take()).toEqual([]);
    board.touched(SYMBOL, { bid: ['10.5', '2'], ask: ['10.6', '1'] });
    expect(board.take()).toHaveLength(1);
  });

  it('are not those of an old connection', () => {
    board.printed(SYMBOL, [print('11', 6)]);
    board.take();
    board.printed(SYMBOL, [print('10', 5)]);
    expect(board.take()).toEqual([]);
    board.printed(SYMBOL, []);
    expect(board.take()).toEqual([]);
  });

  it('are told again when they could not be stored, as they are by then', () => {
    board.printed(SYMBOL, [print('11', 6)]);
    const failed = board.take();
    board.printed(SYMBOL, [print('12', 7)]);
    board.take();
    board.putBack(failed);
    expect(board.take()).toMatchObject([{ last: '12', at: 7 }]);
  });
});
