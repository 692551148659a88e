import { describe, expect, it } from '@jest/globals';
import ccxt, { type Exchange } from 'ccxt';
import { capabilityOf } from '../../../adapters/venues/capabilities/index.ts';
import { prepareStreaming } from '../../../adapters/venues/streaming-exchange.ts';

const HERE = 'http://127.0.0.1:9000';

type Classes = Record<string, new (config?: object) => Exchange>;

/** A streaming exchange without any market, beside the REST exchange that it is prepared from. */
async function prepared(id: string, rest: string | null): Promise<{ exchange: Exchange; weights: number[] }> {
  const from = new (ccxt as unknown as Classes)[id]!();
  from.setMarkets([]);
  from.options['timeDifference'] = -1_270;
  const exchange = new (ccxt.pro as unknown as Classes)[id]!();
  const weights: number[] = [];
  await prepareStreaming(exchange, {
    capability: capabilityOf(id).streams,
    rest,
    prepared: from,
    call: (_share, weight, request) => {
      weights.push(weight);
      return request();
    },
  });
  return { exchange, weights };
}

const addressesOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values((value ?? {}) as object).flatMap(addressesOf);
const streamsOf = (exchange: Exchange): string[] =>
  addressesOf((exchange.urls['api'] as Record<string, unknown>)['ws']);

describe('a streaming exchange', () => {
  it.each(['binance', 'kraken'])('of %s leads nowhere but to the address that replaces its own', async (id) => {
    const { exchange } = await prepared(id, HERE);
    const addresses = streamsOf(exchange);
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => new URL(address).origin !== 'ws://127.0.0.1:9000')).toEqual([]);
  });

  it.each(['binance', 'kraken'])('of %s itself keeps its addresses', async (id) => {
    const { exchange } = await prepared(id, null);
    expect(streamsOf(exchange)).toEqual(streamsOf(new (ccxt.pro as unknown as Classes)[id]!()));
  });

  it('signs with the clock that was measured', async () => {
    const { exchange } = await prepared('binance', HERE);
    expect(exchange.options['timeDifference']).toBe(-1_270);
  });

  it('takes snapshots of the book out of the request budget', async () => {
    const { exchange, weights } = await prepared('binance', HERE);
    await expect(exchange.fetchOrderBook('BTC/USDT', 100)).rejects.toThrow(ccxt.BadSymbol);
    expect(weights).toEqual([5]);
  });

  it('may fail without ending the process, and tells whoever waits', async () => {
    const { exchange } = await prepared('binance', HERE);
    const client = exchange.client('ws://127.0.0.1:9000/stream/ws/0');
    const lost = new Error('the connection is lost');
    const awaited = client.future('awaited');
    void client.future('nobody waits for this');
    // A message that is sent once the socket is gone.
    client.connection = { send: (_text: string, _options: object, told: (error: Error) => void) => told(lost) };
    void client.send('nobody waits for this either');
    client.reject(lost);
    await expect(awaited).rejects.toBe(lost);
    // The same client comes back for the same address, and is prepared once.
    expect(exchange.client('ws://127.0.0.1:9000/stream/ws/0')).toBe(client);
  });
});
