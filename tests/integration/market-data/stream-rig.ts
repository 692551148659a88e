import { randomBytes } from 'node:crypto';
import { ApiCredentials } from '../../../adapters/credentials/credentials.ts';
import type { LiveTape } from '../../../adapters/ports/live-tape.ts';
import type { StreamHealthEntry, StreamKind } from '../../../adapters/ports/stream-health.ts';
import { createClosedCandleStore } from '../../../adapters/storage/closed-candles.ts';
import { createLiveTape } from '../../../adapters/storage/live-tape.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createStreamHealthStore } from '../../../adapters/storage/stream-health.ts';
import type { VenueAccountConfig } from '../../../adapters/venues/account-config.ts';
import { openCandleSource } from '../../../adapters/venues/candle-source.ts';
import { type CcxtVenueAccount, openVenueAccount } from '../../../adapters/venues/venue-account.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import { openStreams } from '../../../workers/open-streams.ts';
import { until } from '../../helpers/rig-until.ts';
import { API_KEY, API_SECRET, type RunningVenue, startVenue } from '../../simulator/support/running-venue.ts';
import { decisionOf, executionOf, intentOf, keyOf, openStorage, type Storage } from '../storage/storage.ts';

export const SYMBOL = 'BTC/USDT';
const EXECUTION = 'watched';

/** The streams of one simulated venue on a real database, in this process. */
export interface StreamRig {
  readonly storage: Storage;
  readonly venue: RunningVenue;
  readonly tape: LiveTape;
  readonly candles: ReturnType<typeof createClosedCandleStore>;
  readonly account: CcxtVenueAccount;
  /** What the streams have said to the operator. */
  readonly log: string[];
  health(): Promise<readonly StreamHealthEntry[]>;
  healthOf(kind: StreamKind): Promise<StreamHealthEntry>;
  /** Waits until all streams of that kind, or of all kinds, are live. */
  untilLive(...kinds: readonly StreamKind[]): Promise<void>;
  setFault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
  /** Writes an intent and sends its order, as the order path does, and goes no further. Gives the client order id. */
  placeOrder(quantity: string): Promise<string>;
  /** Ends the newest order with these trades, as a look-up does. */
  endOrder(fills: readonly Fill[]): Promise<void>;
  /** Public data of the venue, asked for without any code of the platform. */
  get(path: string): Promise<unknown>;
  /** The venue's own fills. */
  ledgerFills(): Promise<readonly { readonly tradeId: string; readonly quantity: string }[]>;
  /** Starts the streams; the promise that it gives ends with them. */
  run(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export async function startStreamRig(): Promise<StreamRig> {
  const storage = await openStorage();
  const venue = await startVenue({ kind: 'synthetic', seed: 11 }, { balances: { USDT: '1000000', BTC: '20' } });
  const config: VenueAccountConfig = {
    id: 'sim',
    exchange: 'binance',
    rest: venue.rest,
    credentialRef: 'sim',
    label: 'paper',
    consistencyMs: { recvWindowMs: 5_000, apiTimeoutMs: 1_000, marginMs: 1_000 },
    assumptions: null,
  };
  const clock = { now: () => Date.now() };
  const credentials = { find: () => Promise.resolve(new ApiCredentials(API_KEY, API_SECRET)) };
  const log: string[] = [];
  const source = openCandleSource(config, { clock });
  const streams = openStreams([config], {
    database: storage.database,
    candleSource: () => source,
    credentials,
    watched: [{ venue: 'sim', symbol: SYMBOL, timeframe: '1s' }],
    log: (message) => log.push(message),
  }).get('sim');
  if (streams === undefined) throw new Error('there are no streams of the venue');
  await createExecutionStore(storage.database).accept(executionOf(EXECUTION), null);
  const account = await openVenueAccount(config, { clock, credentials });
  const ledger = createOrderLedger(storage.database);
  const store = createStreamHealthStore(storage.database);
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${venue.admin}${path}`, init);
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  };
  let children = 0;
  const rig: StreamRig = {
    storage,
    venue,
    account,
    log,
    tape: createLiveTape(storage.database),
    candles: createClosedCandleStore(storage.database),
    health: () => store.list(),
    healthOf: async (kind) => {
      const found = (await store.list()).find((each) => each.kind === kind);
      if (found === undefined) throw new Error(`there is no ${kind} stream`);
      return found;
    },
    untilLive: async (...kinds) => {
      await until(`streams to be live: ${kinds.join(', ')}`, async () => {
        const all = await store.list();
        const wanted = all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
        return wanted.length >= Math.max(kinds.length, 1) && wanted.every(({ status }) => status === 'live');
      });
    },
    setFault: async (fault) => {
      await admin('POST', '/faults', fault);
    },
    clearFaults: async () => {
      await admin('DELETE', '/faults');
    },
    placeOrder: async (quantity) => {
      children += 1;
      const key = keyOf(EXECUTION, children);
      const clientOrderId = randomBytes(16).toString('hex');
      const { ask } = await account.quote(SYMBOL);
      const price = String(Math.ceil(Number(ask) * 1.01));
      const now = Date.now();
      await ledger.orderTransaction('sim', async (transaction) => {
        await transaction.recordDecision(decisionOf(key));
        const times = { signedAt: now, sentAt: now, notAfter: now + 15_000 };
        await transaction.insertIntent(intentOf(key, { clientOrderId, price, quantity, ...times }));
      });
      const order = { symbol: SYMBOL, side: 'buy', quantity, clientOrderId, type: 'limit', price } as const;
      const sent = await account.send({ ...order, timeInForce: 'IOC' }, account.venueNow());
      if (sent.kind !== 'acknowledged') throw new Error(`the order was not taken: ${JSON.stringify(sent)}`);
      return clientOrderId;
    },
    endOrder: (fills) =>
      ledger.endIntent(keyOf(EXECUTION, children), {
        state: 'filled',
        venueOrderId: fills[0]?.orderId ?? null,
        fills,
        problem: null,
      }),
    get: async (path) => (await fetch(`${venue.rest}${path}`)).json(),
    ledgerFills: async () => {
      const document = (await admin('GET', '/ledger')) as { fills: { tradeId: string; quantity: string }[] };
      return document.fills;
    },
    run: (signal) => streams.run(signal, () => undefined),
    stop: async () => {
      await account.close();
      await source.close();
      await venue.server.close();
      await storage.close();
    },
  };
  return rig;
}
