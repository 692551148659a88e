import { describe, expect, it } from '@jest/globals';
import type { PlacedOrder } from '../../../domain/session/order.ts';
import {
  type StopInput,
  stopWithoutBooks,
  withAdjustments,
  withTrades,
} from '../../../domain/session/stop-without-books.ts';

const BTC = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.001',
  minQuantity: '0.001',
  maxQuantity: null,
  minNotional: '10',
};
const placed = (order: number, terms: Partial<PlacedOrder>): PlacedOrder => ({
  order,
  version: 1,
  symbol: 'BTC/USDT',
  side: 'sell',
  kind: 'stop',
  purpose: 'stop-loss',
  quantity: '0.1',
  executionId: `e${order}`,
  state: 'working',
  cancelRequested: false,
  ...terms,
});
const ENTRY = placed(1, { side: 'buy', kind: 'limit', purpose: 'entry' });
const STOP = placed(2, {});
const EXIT = placed(3, { kind: 'marketable', purpose: 'exit' });
const INPUT: StopInput = {
  mode: 'keep',
  positions: [{ symbol: 'BTC/USDT', units: 0.0999, entryPrice: 60_000, mark: 61_000 }],
  dust: { 'BTC/USDT': '0.0002' },
  instruments: { 'BTC/USDT': BTC },
  placed: [ENTRY, STOP],
  journal: [],
};
const plan = (changes: Partial<StopInput>) => stopWithoutBooks({ ...INPUT, ...changes });

describe('the stop of a session without books', () => {
  it('that keeps takes entries back and waits for what trades at market; stops stay', () => {
    expect(plan({})).toEqual({ start: [], cancel: ['e1'], isDone: false });
    expect(plan({ placed: [{ ...ENTRY, cancelRequested: true }, STOP] }).isDone).toBe(false);
    expect(plan({ placed: [STOP, EXIT] })).toEqual({ start: [], cancel: [], isDone: false });
    expect(plan({ placed: [STOP] })).toEqual({ start: [], cancel: [], isDone: true });
  });

  it('that cancels takes all back, and sells nothing', () => {
    expect(plan({ mode: 'cancel' })).toEqual({ start: [], cancel: ['e1', 'e2'], isDone: false });
    expect(plan({ mode: 'cancel', placed: [] })).toEqual({ start: [], cancel: [], isDone: true });
  });

  it('that flattens sells what the record holds, with its dust, once nothing else can', () => {
    expect(plan({ mode: 'flatten' })).toEqual({ start: [], cancel: ['e1', 'e2'], isDone: false });
    const { start, isDone } = plan({ mode: 'flatten', placed: [] });
    // 0.0999 and 0.0002 are a hundred lots of 0.001.
    expect(start).toMatchObject([
      { order: 1_000_000_000, version: 1, side: 'sell', kind: 'marketable', quantity: '0.1', intended: '61000' },
    ]);
    expect(isDone).toBe(false);
  });

  it('goes on with another version after each exit that has ended, until the rest is too little to be sold', () => {
    const ended = { kind: 'ended', order: 1_000_000_000, version: 1, status: 'expired', problem: null } as const;
    const journal = [{ seq: 1, after: null, event: ended }];
    expect(plan({ mode: 'flatten', placed: [], journal }).start).toMatchObject([{ version: 2 }]);
    const exit = placed(1_000_000_000, { kind: 'marketable', purpose: 'exit' });
    expect(plan({ mode: 'flatten', placed: [exit] })).toEqual({ start: [], cancel: [], isDone: false });
    const little = [{ symbol: 'BTC/USDT', units: 0.0007, entryPrice: 60_000, mark: 61_000 }];
    expect(plan({ mode: 'flatten', placed: [], positions: little })).toEqual({ start: [], cancel: [], isDone: true });
  });
});

describe('trades that no books have seen', () => {
  const books = { cash: 1_000, commission: 0, positions: INPUT.positions, dust: INPUT.dust };
  const traded = (order: number, quantity: string, fees: { feeBase: string; feeQuote: string }) =>
    ({ kind: 'execution', order, version: 1, quantity, price: '50000', maker: false, ...fees }) as const;

  it('change cash and units of the record by what they were', () => {
    const sold = withTrades(books, [traded(2, '0.1', { feeBase: '0', feeQuote: '5' })], INPUT.placed);
    // 0.1 x 50,000 - 5; 0.1 of 0.0999 and 0.0002 leave 0.0001 of dust.
    expect(sold.cash).toBe(5_995);
    expect(sold.positions).toMatchObject([{ units: 0, quantity: '0', entryPrice: null }]);
    expect(sold.dust).toEqual({ 'BTC/USDT': '0.0001' });
    const bought = withTrades(books, [traded(1, '0.01', { feeBase: '0.00001', feeQuote: '0' })], INPUT.placed);
    expect(bought.cash).toBe(500);
    expect(bought.positions).toMatchObject([{ units: 0.10989, quantity: '0.10989' }]);
  });
});

describe('what a person has put right while no books could be made', () => {
  const books = { cash: 1_000, commission: 3, positions: INPUT.positions, dust: INPUT.dust };
  const adjusted = (quantity: string, symbol = 'BTC/USDT') =>
    ({ kind: 'adjusted', symbol, quantity, price: '50000', reason: 'looked' }) as const;

  it('is bought or sold at its price, without fees', () => {
    const found = withAdjustments(books, [adjusted('0.1'), adjusted('-0.05')]);
    // 0.0999 + 0.1 - 0.05; 1,000 - 0.05 x 50,000
    expect(found).toMatchObject({ cash: -1_500, commission: 3, dust: INPUT.dust });
    expect(found.positions).toMatchObject([{ units: 0.1499, quantity: '0.1499', mark: 50_000 }]);
    expect(withAdjustments(books, [adjusted('2', 'ETH/USDT')]).positions).toMatchObject([
      { symbol: 'BTC/USDT', units: 0.0999 },
      { symbol: 'ETH/USDT', units: 2, entryPrice: 50_000 },
    ]);
  });

  it('goes off the dust where trades hold less, which has cost before', () => {
    const gone = withAdjustments(books, [adjusted('-0.1')]);
    // 0.0999 of trades at 50,000, and 0.0001 of 0.0002 of dust.
    expect(gone).toMatchObject({ cash: 5_995, dust: { 'BTC/USDT': '0.0001' } });
    expect(gone.positions).toMatchObject([{ units: 0 }]);
    expect(withAdjustments(books, [adjusted('-0.1'), adjusted('-0.0001')]).dust).toEqual({ 'BTC/USDT': '0' });
  });
});
