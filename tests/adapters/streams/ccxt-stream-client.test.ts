import { describe, expect, it } from '@jest/globals';
import ccxt, { type Exchange } from 'ccxt';
import { CcxtStreamClient } from '../../../adapters/streams/ccxt-stream-client.ts';
import { StreamGap } from '../../../adapters/streams/stream-client.ts';
import { until } from '../../helpers/rig-until.ts';
import { capabilityOf } from '../../../adapters/venues/capabilities/index.ts';

const AT = Date.UTC(2026, 10, 26, 9, 0, 0);

/** A client over an exchange that has only what a test gives it. */
const clientOf = (exchange: object, id = 'binance'): CcxtStreamClient =>
  new CcxtStreamClient({ has: {}, ...exchange } as unknown as Exchange, capabilityOf(id).streams);

describe('a ccxt stream client', () => {
  it('gives the best prices in exact text, a side that is empty as none, and the time of the venue', async () => {
    const watchOrderBook = async () => ({ bids: [['60000.10', 0.00001]], asks: [], timestamp: AT });
    await expect(clientOf({ watchOrderBook }).orderBook('BTC/USDT')).resolves.toEqual({
      value: { bid: ['60000.1', '0.00001'], ask: null },
      exchangeAt: AT,
    });
    const ticker = { bid: '60000.10', bidVolume: '0.50000000', ask: '0.00000000', askVolume: '0.00000000' };
    const watchBidsAsks = async () => ({ 'BTC/USDT': ticker });
    await expect(clientOf({ watchBidsAsks }).bidsAsks('BTC/USDT')).resolves.toEqual({
      value: { bid: ['60000.1', '0.5'], ask: null },
      // This message bears no time.
      exchangeAt: null,
    });
  });

  it('gives prints with their ids, and refuses one without', async () => {
    const print = { id: '77', timestamp: AT, price: '60000.10', amount: '0.00000001' };
    const watchTrades = async () => [print];
    await expect(clientOf({ watchTrades }).trades('BTC/USDT')).resolves.toEqual({
      value: [{ tradeId: '77', price: '60000.1', quantity: '0.00000001', at: AT }],
      exchangeAt: AT,
    });
    const nameless = async () => [{ ...print, id: undefined }];
    await expect(clientOf({ watchTrades: nameless }).trades('BTC/USDT')).rejects.toThrow('a print without its id');
  });

  it('gives trades of ours with our id of their order, from where the exchange puts it', async () => {
    const trade = {
      id: '7',
      order: '42',
      symbol: 'BTC/USDT',
      side: 'buy',
      price: '60000',
      amount: '0.1',
      fee: { cost: '0.0001', currency: 'BTC' },
      takerOrMaker: 'taker',
      timestamp: AT,
    };
    const clientIdOf = async (info: object, id?: string): Promise<string | null> => {
      const { value } = await clientOf({ watchMyTrades: async () => [{ ...trade, info }] }, id).myTrades();
      return value[0]!.clientOrderId;
    };
    await expect(clientIdOf({ c: 'ours' })).resolves.toBe('ours');
    await expect(clientIdOf({ c: '' })).resolves.toBeNull();
    await expect(clientIdOf({ clientOrderId: 'ours' }, 'kraken')).resolves.toBe('ours');
    await expect(clientIdOf({}, 'kraken')).resolves.toBeNull();
  });

  it('calls a broken sequence a gap, and leaves other errors as they are', async () => {
    const failing = (error: Error) => clientOf({ watchOrderBook: () => Promise.reject(error) }).orderBook('BTC/USDT');
    await expect(failing(new ccxt.ChecksumError('out of sequence'))).rejects.toThrow(StreamGap);
    const lost = new ccxt.NetworkError('closed with code 1006');
    await expect(failing(lost)).rejects.toBe(lost);
  });

  it('that is closed ends its sockets and dials no more', async () => {
    const ended: string[] = [];
    const dialled: string[] = [];
    const socket = (name: string) => ({
      connection: { terminate: () => ended.push(name) },
      createConnection: () => dialled.push(name),
    });
    const clients = { a: socket('a'), b: socket('b') };
    const exchange = { clients, client: () => clients.a, close: () => Promise.reject(new Error('told to close')) };
    const has = exchange as typeof exchange & Exchange;
    new CcxtStreamClient(has, capabilityOf('binance').streams).close();
    await until('the sockets to be ended', async () => ended.length === 2);
    clients.a.createConnection();
    expect(dialled).toEqual([]);
    expect(() => has.client('c')).toThrow(ccxt.ExchangeClosedByUser);
  });

  it('supports what the exchange has', () => {
    const client = clientOf({ has: { watchTrades: true, watchOHLCV: false } });
    expect([client.supports('trades'), client.supports('candles'), client.supports('balance')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  describe('of candles', () => {
    const message = (openAt: number, close: string, closed: boolean) => ({
      e: 'kline',
      k: { t: openAt, s: 'BTCUSDT', i: '1m', x: closed, o: '1', h: '2', l: '0.5', c: close, v: '3' },
    });
    /** As ccxt does it: a message goes to whoever waits, and is dropped when nobody does; the candles stay in its cache. */
    function exchangeWith(id = 'binance') {
      const rows: number[][] = [];
      let waiting: ((rows: number[][]) => void) | null = null;
      const exchange = {
        has: {},
        ohlcvs: { 'BTC/USDT': { '1m': rows } },
        safeSymbol: () => 'BTC/USDT',
        findTimeframe: (interval: string) => interval,
        watchOHLCV: () => new Promise<number[][]>((resolve) => (waiting = resolve)),
        handleOHLCV: (_client: unknown, { k }: ReturnType<typeof message>) => {
          const row = [k.t, Number(k.o), Number(k.h), Number(k.l), Number(k.c), Number(k.v)];
          if (rows.at(-1)?.[0] === k.t) rows.pop();
          rows.push(row);
          waiting?.([row]);
          waiting = null;
        },
      };
      const client = new CcxtStreamClient(exchange as unknown as Exchange, capabilityOf(id).streams);
      const say = (openAt: number, close: number, closed = false) =>
        exchange.handleOHLCV(null, message(openAt, String(close), closed));
      return { next: () => client.candles('BTC/USDT', '1m'), say };
    }
    const bar = (openAt: number, close: number) => [openAt, 1, 2, 0.5, close, 3];
    const MINUTE = 60_000;

    it('tells which of them the venue calls closed', async () => {
      const { next, say } = exchangeWith();
      const running = next();
      say(AT, 1.5);
      await expect(running).resolves.toEqual({ value: { bars: [bar(AT, 1.5)], closed: [] }, exchangeAt: null });
      const ended = next();
      say(AT, 1.6, true);
      await expect(ended).resolves.toEqual({ value: { bars: [bar(AT, 1.6)], closed: [AT] }, exchangeAt: null });
    });

    it('gives out at once, as it was in the end, one that closed while the message before was dealt with', async () => {
      const { next, say } = exchangeWith();
      const running = next();
      say(AT, 1.5);
      say(AT, 1.6, true);
      say(AT + MINUTE, 1.7);
      await expect(running).resolves.toMatchObject({ value: { bars: [bar(AT, 1.6)], closed: [AT] } });
      say(AT + MINUTE, 1.8, true);
      say(AT + 2 * MINUTE, 1.9, true);
      await expect(next()).resolves.toMatchObject({
        value: {
          bars: [bar(AT + MINUTE, 1.8), bar(AT + 2 * MINUTE, 1.9)],
          closed: [AT + MINUTE, AT + 2 * MINUTE],
        },
      });
      // Each of them once.
      const last = next();
      say(AT + 3 * MINUTE, 2);
      await expect(last).resolves.toMatchObject({ value: { bars: [bar(AT + 3 * MINUTE, 2)], closed: [] } });
    });

    it('knows nothing of that where the exchange says nothing', async () => {
      const { next, say } = exchangeWith('kraken');
      const ended = next();
      say(AT, 1.5, true);
      await expect(ended).resolves.toMatchObject({ value: { closed: [] } });
    });
  });
});
