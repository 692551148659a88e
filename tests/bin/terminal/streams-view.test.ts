import { expect, it } from '@jest/globals';
import { type ListedStream, streamsView } from '../../../bin/terminal/streams-view.ts';

const BOOK: ListedStream = {
  venue: 'sim',
  kind: 'order-book',
  symbol: 'BTC/USDT',
  timeframe: null,
  status: 'live',
  receivedAt: '2026-11-26T09:00:01.350Z',
  messages: 812,
  gaps: 1,
  reconnects: 2,
  lastError: 'cut an hour ago',
};

it('streams are a table, with the trouble of those that do not live', () => {
  const down: ListedStream = { ...BOOK, kind: 'candles', timeframe: '1m', status: 'down', lastError: 'refused' };
  const lines = streamsView([BOOK, down]).split('\n');
  const [live, dead] = ['order-book', 'candles'].map((kind) =>
    lines.find((line) => line.includes(kind))!.replaceAll(/ *│ */g, '|'),
  );
  expect(live).toContain('sim|order-book BTC/USDT|live|09:00:01|812|1|2|–');
  expect(dead).toContain('sim|candles BTC/USDT 1m|down|09:00:01|812|1|2|refused');
});

it('streams that nobody tells of are a line that says so', () => {
  expect(streamsView(null)).toBe('streams: the API does not answer now\n');
  expect(streamsView([])).toBe('streams: none yet\n');
});
