import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Faults } from '../../../simulator/faults/faults.ts';
import { StreamFaults } from '../../../simulator/faults/stream-faults.ts';
import type { StreamConnection } from '../../../simulator/protocol/binance-spot/streams/connection.ts';
import { Outbox } from '../../../simulator/protocol/binance-spot/streams/outbox.ts';
import { PublicStreams } from '../../../simulator/protocol/binance-spot/streams/public-streams.ts';
import { listedMarket } from '../support/listed-market.ts';

const marketOf = (base: string) =>
  listedMarket({ symbol: `${base}/USDT`, base, quote: 'USDT', tick: '0.01', lot: '0.001', minNotional: '5' });
/** Streams of one market; 60 markets have more than one connection may have. */
const KINDS = ['trade', 'aggTrade', 'bookTicker', 'ticker', 'miniTicker', 'depth', 'depth@100ms', 'depth5', 'depth10'];
const INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h'];

/** A connection that only keeps what it is sent. */
class Kept {
  readonly texts: string[] = [];
  readonly connection = {
    endpoint: 'stream.public',
    send: (text: string) => this.texts.push(text),
  } as unknown as StreamConnection;
}

describe('public streams', () => {
  const markets = Array.from({ length: 60 }, (_unused, index) => ({ listed: marketOf(`C${index}`) }));
  const names = markets.flatMap((_market, index) =>
    [...KINDS, ...INTERVALS.map((interval) => `kline_${interval}`)].map((kind) => `c${index}usdt@${kind}`),
  );
  let streams: PublicStreams;
  let outbox: Outbox;
  let client: Kept;

  beforeEach(() => {
    outbox = new Outbox(async () => undefined);
    const venue = {
      markets,
      run: async <T>(act: (now: number) => T) => act(0),
      fail: (error: unknown) => expect(error).toBeNull(),
    };
    streams = new PublicStreams(venue, new StreamFaults(new Faults(1)), outbox, (at) => at);
    client = new Kept();
    streams.enter(client.connection, { combined: false, streams: [] });
  });

  const ask = async (request: Readonly<Record<string, unknown>>) => {
    streams.heard(client.connection, JSON.stringify(request));
    await Promise.resolve();
    return JSON.parse(client.texts.at(-1) ?? 'null');
  };

  it('are at most 1,024 for one connection, counted once each', async () => {
    const subscribe = (params: readonly string[], id: number) => ask({ method: 'SUBSCRIBE', params, id });
    expect(await subscribe(names.slice(0, 1_024), 1)).toEqual({ result: null, id: 1 });
    expect(await subscribe(names.slice(0, 10), 2)).toEqual({ result: null, id: 2 });
    expect(await subscribe(names.slice(1_024, 1_025), 3)).toMatchObject({ error: { code: 2 }, id: 3 });
    expect((await ask({ method: 'LIST_SUBSCRIPTIONS', id: 4 })).result).toHaveLength(1_024);
  });

  it('end with their last subscriber, by request or by its leaving', async () => {
    const { listed } = markets[0] as (typeof markets)[number];
    const watched = jest.spyOn(listed.market, 'watchBook');
    const ended = jest.spyOn(listed.market, 'unwatchBook');
    const other = new Kept();
    streams.enter(other.connection, { combined: false, streams: ['c0usdt@depth@100ms'] });
    await ask({ method: 'SUBSCRIBE', params: ['c0usdt@depth@100ms'], id: 1 });
    expect(watched).toHaveBeenCalledTimes(1);
    await ask({ method: 'UNSUBSCRIBE', params: ['c0usdt@depth@100ms'], id: 2 });
    expect(ended).not.toHaveBeenCalled();
    streams.leave(other.connection);
    expect(ended).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });

  it('wait for the journal, in their order', async () => {
    const flushes: (() => void)[] = [];
    const waiting = new Outbox(() => new Promise((resolve) => flushes.push(resolve)));
    waiting.add(client.connection, 'first');
    waiting.release();
    waiting.add(client.connection, 'second');
    waiting.release();
    // The second flush is done before the first one.
    flushes[1]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.texts).toEqual([]);
    flushes[0]?.();
    await waiting.settled();
    expect(client.texts).toEqual(['first', 'second']);
  });

  it('tell nothing once the journal cannot be written', async () => {
    const broken = new Outbox(async () => {
      throw new Error('the disk is full');
    });
    broken.add(client.connection, 'never');
    broken.release();
    await broken.settled();
    expect(client.texts).toEqual([]);
  });
});
