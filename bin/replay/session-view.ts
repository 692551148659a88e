import type { ApiClient } from '../terminal/client.ts';

/** A trading session as the API shows it, as far as a driver looks at it. */
export interface SessionView {
  readonly id: string;
  readonly name: string;
  readonly status: 'running' | 'paused' | 'stopping' | 'stopped' | 'failed';
  readonly venue: string;
  readonly timeframe: string;
  readonly startBar: string | null;
  /** When the last bar opened that was handled. */
  readonly lastBar: string | null;
  readonly bars: number;
  /** All that is wanted is at the venue, and all trades that the platform knows are in the books. */
  readonly settled: boolean;
  /** The venue's trades in the books. */
  readonly fillsTaken: number;
  readonly openOrders: number;
  /** Orders whose price it watches itself. */
  readonly watched: readonly { readonly kind: 'marketable' | 'limit' | 'stop' }[];
  /** What it has last looked at of the open candle for the prices of targets among them. */
  readonly candleSeen: { readonly time: string; readonly high: number; readonly low: number } | null;
  readonly equity: number;
  readonly problem: { readonly detail?: string; readonly code?: string } | null;
}

/** What a driver asks the API. */
export interface SessionApi {
  /** These sessions of a venue, in this order. */
  sessions(venue: string, ids: readonly string[]): Promise<readonly SessionView[]>;
  /** Sessions of a venue that have not ended. */
  sessionsOf(venue: string): Promise<readonly SessionView[]>;
  /** The client order ids of all orders that a session ever sent. */
  clientOrderIds(id: string): Promise<readonly string[]>;
}

/** Whether nothing more is to be expected of a session. */
export function isOver({ status }: Pick<SessionView, 'status'>): boolean {
  return status === 'stopped' || status === 'failed';
}

export function sessionApi(client: Pick<ApiClient, 'get' | 'all'>): SessionApi {
  const path = (id: string) => `/v1/sessions/${encodeURIComponent(id)}`;
  return {
    sessions: async (venue, ids) => {
      // One request, however many they are: they are looked at many times a second.
      if (ids.length < 2) return Promise.all(ids.map((id) => client.get<SessionView>(path(id))));
      const all = new Map((await client.all<SessionView>('/v1/sessions', { venue })).map((each) => [each.id, each]));
      return Promise.all(ids.map(async (id) => all.get(id) ?? client.get<SessionView>(path(id))));
    },
    sessionsOf: async (venue) => {
      const all = await client.all<SessionView>('/v1/sessions', { venue });
      return all.filter((session) => !isOver(session));
    },
    clientOrderIds: async (id) => {
      const orders = await client.all<{ readonly clientOrderIds: readonly string[] }>(`${path(id)}/orders`);
      return orders.flatMap(({ clientOrderIds }) => clientOrderIds);
    },
  };
}
