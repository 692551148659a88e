import { createHash } from 'node:crypto';
import Big from 'big.js';
import { enumerateClientOrderIds } from '../../../domain/execution/verification/own-orders.ts';
import { type Decimal, toText } from '../../../domain/market/decimal.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import { timeframeMs } from '../../../domain/market/timeframe.ts';
import { isWorking, type Side, type VenueOrderStatus } from '../../../domain/orders/order.ts';
import type { OrderPurpose } from '../../../domain/session/order.ts';
import type { ExecutionView } from '../../terminal/execution-view.ts';
import type { DecisionView, JournalView, OrderView, SessionView } from '../../terminal/session-view.ts';
import { insist } from '../start-executions.ts';
import type { Exit, SessionEvidence, Standing, WitnessedFill, WitnessedOrder } from './evidence.ts';
import type { RunningSession } from './start-sessions.ts';

const WITHIN_MS = 60_000;
/** A single order has one child; an order beyond that is found by its traces. */
const CHILDREN = 1;

/** What of the ledger of a simulated exchange tells about sessions. */
export interface WitnessLedger {
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string | null;
    readonly symbol: string;
    readonly side: Side;
    readonly status: VenueOrderStatus;
    readonly stopPrice: Decimal | null;
    readonly quantity: Decimal;
    readonly acceptedAt: number;
    readonly updatedAt: number;
  }[];
  readonly fills: readonly {
    readonly orderId: string;
    readonly symbol: string;
    readonly side: Side;
    readonly price: Decimal;
    readonly quantity: Decimal;
    readonly fee: Decimal;
    readonly feeAsset: string;
    readonly at: number;
  }[];
}

/** The times and causes that a session's orders are shown with beside what people read of them. */
type OrderRow = OrderView & { readonly createdAt: string; readonly endedAt: string | null };
type JournalRow = JournalView & { readonly order?: number };

/** All that the API tells of a session. */
export interface SessionAccount {
  readonly view: SessionView & { readonly dust: Readonly<Record<string, Decimal>> };
  readonly orders: readonly OrderRow[];
  readonly decisions: readonly DecisionView[];
  readonly journal: readonly JournalRow[];
  readonly executions: readonly ExecutionView[];
  readonly closedTrades: number;
  readonly instrument: Instrument;
}

export async function readAccount(home: string, { id, market }: RunningSession): Promise<SessionAccount> {
  return insist(home, WITHIN_MS, async (client) => {
    const path = `/v1/sessions/${id}`;
    const view = await client.get<SessionAccount['view']>(path);
    const orders = await client.all<OrderRow>(`${path}/orders`);
    const decisions = await client.all<DecisionView>(`${path}/decisions`);
    const journal = await client.all<JournalRow>(`${path}/journal`);
    const trades = await client.all<unknown>(`${path}/trades`);
    // By their owner, not by the session's own list: an order that the session has forgotten counts as well.
    const all = await client.all<ExecutionView>('/v1/executions');
    const listed = await client.all<Instrument>(`/v1/venues/${market.venue}/instruments`, { search: market.symbol });
    const instrument = listed.find(({ symbol }) => symbol === market.symbol);
    if (instrument === undefined) throw new Error(`the venue ${market.venue} lists no ${market.symbol}`);
    const executions = all.filter(({ owner }) => owner === `session/${id}`);
    return { view, orders, decisions, journal, executions, closedTrades: trades.length, instrument };
  });
}

/** What of a ledger says whose its orders are. */
export interface WithClientOrderIds {
  readonly orders: readonly { readonly clientOrderId: string | null }[];
}

/** Every client order id under which the ledger has an order of these executions, with the execution's id. */
export function ownOrders(ledger: WithClientOrderIds, executionIds: readonly string[]): ReadonlyMap<string, string> {
  const known = new Set(ledger.orders.flatMap(({ clientOrderId }) => clientOrderId ?? []));
  const own = new Map<string, string>();
  for (const executionId of executionIds) {
    const ids = enumerateClientOrderIds({ executionId, children: CHILDREN, known, sha256 });
    for (const id of ids.keys()) if (known.has(id)) own.set(id, executionId);
  }
  return own;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What a session's books hold and what its trades in the ledger come to, in base, as both were read. */
export function standingOf(when: string, account: SessionAccount, ledger: WitnessLedger): Standing {
  const { symbol } = account.instrument;
  const { fills } = witnessed(account, ledger);
  const held = fills.reduce(
    (sum, { side, quantity, feeBase }) => (side === 'buy' ? sum.plus(quantity) : sum.minus(quantity)).minus(feeBase),
    new Big(0),
  );
  const { units } = account.view.positions.find((position) => position.symbol === symbol) ?? { units: 0 };
  return { when, inBooks: toText(new Big(units).plus(account.view.dust[symbol] ?? 0)), inLedger: toText(held) };
}

/** Puts the exchange's side of a session and its own together. */
export function evidenceOf(
  session: RunningSession,
  account: SessionAccount,
  ledger: WitnessLedger,
  standings: readonly Standing[],
  readAt: number,
): SessionEvidence {
  const { view, decisions, instrument } = account;
  const { minQuantity, minNotional } = instrument;
  const { orders, fills, lowest } = witnessed(account, ledger);
  // What an order needs at least, at the lowest price that it traded at.
  const least = lowest === null ? new Big(minQuantity) : max(new Big(minQuantity), new Big(minNotional).div(lowest));
  return {
    sessionId: session.id,
    name: `${view.name} (${session.id})`,
    barMs: timeframeMs(view.timeframe),
    units: session.units,
    least: toText(least.times(LEAST_ROOM)),
    startBar: Date.parse(view.startBar),
    lastBar: view.lastBar === null ? null : Date.parse(view.lastBar),
    orders,
    fills,
    exits: exitsOf(account),
    decisions: decisions.map(({ bar, close, decidedAt }) => ({
      bar: Date.parse(bar),
      close,
      decidedAt: Date.parse(decidedAt),
    })),
    standings,
    readAt,
  };
}

/** Orders are priced beyond the market, so that a little more than the least of the market is too little as well. */
const LEAST_ROOM = 1.1;

function max(a: Big, b: Big): Big {
  return a.gt(b) ? a : b;
}

function witnessed(
  { orders: rows, executions, instrument }: SessionAccount,
  ledger: WitnessLedger,
): { orders: readonly WitnessedOrder[]; fills: readonly WitnessedFill[]; lowest: Big | null } {
  const own = ownOrders(
    ledger,
    executions.map(({ id }) => id),
  );
  const purposes = new Map(rows.map(({ executionId, purpose }) => [executionId, purpose as OrderPurpose]));
  const ids = new Set<string>();
  const orders = ledger.orders.flatMap((order): WitnessedOrder[] => {
    const executionId = order.clientOrderId === null ? undefined : own.get(order.clientOrderId);
    if (executionId === undefined || order.symbol !== instrument.symbol) return [];
    ids.add(order.orderId);
    const { orderId, side, stopPrice, quantity, acceptedAt, updatedAt } = order;
    return [
      {
        orderId,
        purpose: purposes.get(executionId) ?? (side === 'buy' ? 'entry' : 'exit'),
        side,
        isStop: stopPrice !== null,
        quantity,
        acceptedAt,
        endedAt: isWorking(order) ? null : updatedAt,
      },
    ];
  });
  const trades = ledger.fills.filter(({ orderId, symbol }) => symbol === instrument.symbol && ids.has(orderId));
  return {
    orders,
    fills: trades.map(({ orderId, side, quantity, fee, feeAsset, at }) => ({
      orderId,
      side,
      quantity,
      feeBase: feeAsset === instrument.base ? fee : '0',
      at,
    })),
    lowest: trades.reduce<Big | null>(
      (least, { price }) => (least === null || least.gt(price) ? new Big(price) : least),
      null,
    ),
  };
}

/**
 * When the session was leaving: from the decision, or the price that was reached, or a person's word, to the end of the order that it left with.
 * An order of a stop that could not rest is one of these from when it was made.
 */
function exitsOf({ orders, decisions, journal }: SessionAccount): readonly Exit[] {
  return orders.flatMap((order): Exit[] => {
    if (order.side !== 'sell' || order.kind === 'stop') return [];
    const reached = journal.find((entry) => entry.kind === 'reached' && entry.order === order.order)?.recordedAt;
    const decided = order.purpose === 'exit' ? decisions.find(({ bar }) => bar === order.bar)?.decidedAt : undefined;
    const told = journal.findLast(({ kind, recordedAt }) => kind === 'flatten' && recordedAt <= order.createdAt);
    const word = order.bar === null ? told?.recordedAt : undefined;
    return [
      {
        from: Date.parse(reached ?? decided ?? word ?? order.createdAt),
        until: order.endedAt === null ? null : Date.parse(order.endedAt),
      },
    ];
  });
}
