import { expect, it } from '@jest/globals';
import type { RunningPiece } from '../../../adapters/ports/running-candles.ts';
import type { ClosedPiece } from '../../../adapters/ports/closed-candles.ts';
import { CandleWriter } from '../../../adapters/streams/candle-writer.ts';

const STREAM = { venue: 'replay', symbol: 'BTC/USDT', timeframe: '15m' };

it('candles that are open are stored after those that have closed, and stay due until they are', async () => {
  const closed: { piece: ClosedPiece; saved: () => void }[] = [];
  const open: { piece: RunningPiece; saved: () => void }[] = [];
  const log: string[] = [];
  let isAway = true;
  const save = (what: string) => async (): Promise<void> => {
    log.push(what);
    if (isAway) throw new Error('the database is away');
  };
  const writer = new CandleWriter({
    due: () => closed,
    save: save('closed'),
    running: { due: () => open, save: save('open') },
  });
  const candle = { time: 0, high: 2, low: 1, volume: 1 };
  closed.push({ piece: { stream: STREAM } as ClosedPiece, saved: () => closed.splice(0) });
  open.push({ piece: { stream: STREAM, candle }, saved: () => open.splice(0) });
  await expect(writer.store()).rejects.toThrow('away');
  expect([log, closed.length, open.length]).toEqual([['closed'], 1, 1]);
  isAway = false;
  await writer.store();
  expect([log, closed.length, open.length]).toEqual([['closed', 'closed', 'open'], 0, 0]);
  // With nothing else to store an open candle is no less due.
  open.push({ piece: { stream: STREAM, candle }, saved: () => open.splice(0) });
  const ended = new AbortController();
  const running = writer.run(ended.signal, async () => {
    await writer.store();
    ended.abort();
  });
  writer.wake();
  await running;
  expect([log.slice(3), open.length]).toEqual([['open'], 0]);
});
