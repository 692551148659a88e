import { describe, expect, it } from '@jest/globals';
import { RecordedParser } from '../../../../domain/matching/recorded/recorded-parser.ts';

const line = (message: unknown) => `1723161254036059768 ${JSON.stringify(message)}`;
const depth = (E: number, s = 'BTCUSDT') =>
  line({ stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E, s, U: 5, u: 7, b: [['10.00', '1']], a: [] } });
const trade = (T: number) =>
  line({
    stream: 'btcusdt@trade',
    data: { e: 'trade', E: T + 1, s: 'BTCUSDT', t: 99, p: '10.01', q: '0.5', T, m: true, M: true },
  });
const quote = line({
  stream: 'btcusdt@bookTicker',
  data: { u: 6, s: 'BTCUSDT', b: '10.00', B: '1', a: '10.01', A: '2' },
});
const snapshot = line({ lastUpdateId: 6, bids: [['9.99', '3']], asks: [['10.02', '4']] });

describe('recorded lines', () => {
  it('become depth events at E and trades at T', () => {
    const parser = new RecordedParser();
    expect(parser.parse(depth(1000), 1)).toEqual([
      {
        symbol: 'BTCUSDT',
        event: { kind: 'depth', t: 1000, firstUpdateId: 5, lastUpdateId: 7, bids: [['10.00', '1']], asks: [] },
      },
    ]);
    expect(parser.parse(trade(1005), 2)).toEqual([
      {
        symbol: 'BTCUSDT',
        event: { kind: 'trade', t: 1005, sourceId: 99, price: '10.01', quantity: '0.5', buyerIsMaker: true },
      },
    ]);
  });

  it('give messages without a time the time of the event before, and a snapshot the market of the line before', () => {
    const parser = new RecordedParser();
    parser.parse(depth(1000), 1);
    expect(parser.parse(quote, 2)).toEqual([
      { symbol: 'BTCUSDT', event: { kind: 'quote', t: 1000, updateId: 6, bid: ['10.00', '1'], ask: ['10.01', '2'] } },
    ]);
    expect(parser.parse(snapshot, 3)).toEqual([
      {
        symbol: 'BTCUSDT',
        event: { kind: 'snapshot', t: 1000, lastUpdateId: 6, bids: [['9.99', '3']], asks: [['10.02', '4']] },
      },
    ]);
  });

  it('hold back a start without a time until the first line that has one', () => {
    const parser = new RecordedParser();
    expect(parser.parse(snapshot, 1)).toEqual([]);
    expect(parser.parse(quote, 2)).toEqual([]);
    expect(parser.parse(depth(1000), 3).map(({ symbol, event }) => [symbol, event.kind, event.t])).toEqual([
      ['BTCUSDT', 'snapshot', 1000],
      ['BTCUSDT', 'quote', 1000],
      ['BTCUSDT', 'depth', 1000],
    ]);
  });

  it('never let the time of a market go back, and keep markets apart', () => {
    const parser = new RecordedParser();
    const times = [depth(1000), trade(990), depth(1001), depth(500, 'ETHUSDT'), depth(1000)].flatMap((text, index) =>
      parser.parse(text, index + 1).map(({ symbol, event }) => [symbol, event.t]),
    );
    expect(times).toEqual([
      ['BTCUSDT', 1000],
      ['BTCUSDT', 1000],
      ['BTCUSDT', 1001],
      ['ETHUSDT', 500],
      ['BTCUSDT', 1001],
    ]);
  });

  it('are counted by kind, unknown streams too', () => {
    const parser = new RecordedParser();
    const others = [
      { stream: 'btcusdt@kline_1m', data: {} },
      { stream: 'btcusdt@depth20@100ms', data: {} },
      { result: null, id: 1 },
    ].map(line);
    for (const [index, text] of [depth(1), trade(2), quote, snapshot, ...others].entries())
      parser.parse(text, index + 1);
    expect(parser.counts).toEqual({ snapshot: 1, depth: 1, trade: 1, quote: 1, unknown: 3 });
  });

  it.each([
    ['', 'expected "<receive time in ns> <JSON object>"'],
    ['{"stream":"x"}', 'expected "<receive time'],
    ['12 {"stream":', 'JSON'],
    [line({ stream: 'btcusdt@depth', data: null }), 'data is not an object'],
    [line({ stream: 'btcusdt@depth', data: { E: 1, s: 'B', U: 1, u: 2, b: [['1']], a: [] } }), 'b holds ["1"]'],
    [line({ stream: 'btcusdt@depth', data: { E: 1, s: 'B', U: 1, u: 2, b: [[1, 2]], a: [] } }), 'b holds [1,2]'],
    [line({ stream: 'btcusdt@depth', data: { E: 1, s: 'B', U: 1, u: 2, b: [] } }), 'a is not a list'],
    [
      line({ stream: 'btcusdt@depth', data: { E: 1, s: 'B', U: '1', u: 2, b: [], a: [] } }),
      'U "1" is not a whole number',
    ],
    [
      line({ stream: 'btcusdt@depth', data: { s: 'B', U: 1, u: 2, b: [], a: [] } }),
      'E undefined is not a whole number',
    ],
    [line({ stream: 'btcusdt@depth', data: { E: 1, U: 1, u: 2, b: [], a: [] } }), 's undefined is not a name'],
    [line({ stream: 'btcusdt@depth@0ms', data: { E: 1, s: 'B', U: 1, u: 2, pu: 0, b: [], a: [] } }), 'futures'],
    [
      line({ stream: 'btcusdt@trade', data: { T: 1, s: 'B', t: 1, p: 1.5, q: '1', m: true } }),
      'p 1.5 is not a decimal',
    ],
    [line({ stream: 'btcusdt@trade', data: { T: 1, s: 'B', t: 1, p: '1', q: '1e3', m: true } }), 'q "1e3"'],
    [
      line({ stream: 'btcusdt@trade', data: { T: 1, s: 'B', t: 1, p: '1', q: '1' } }),
      'm undefined is not true or false',
    ],
  ])('that are malformed are refused with their number: %s', (text, message) => {
    const parse = () => new RecordedParser().parse(text, 4711);
    expect(parse).toThrow('line 4711');
    expect(parse).toThrow(message);
  });
});
