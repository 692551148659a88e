import type { SessionRecord, SessionStep } from '../../adapters/ports/session-store.ts';
import type { PlacedOrder, WantedOrder } from '../../domain/session/order.ts';
import { orderExecutionId, orderPlan } from '../../domain/session/order-plan.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { Seen } from './seen.ts';

/** An order as it stands with what has just been taken in. */
export function asNow(order: PlacedOrder, { ended, working }: Seen['intake']): PlacedOrder {
  if (ended.includes(order.executionId)) return { ...order, state: 'ended' };
  return working.includes(order.executionId) ? { ...order, state: 'working' } : order;
}

/** A step that leaves all as it is. */
export function unchanged(record: SessionRecord): SessionStep {
  const { id, seq, version, lastBar, bars, settled, status, block, problem, watched } = record;
  return {
    sessionId: id,
    expectedSeq: seq,
    expectedVersion: version,
    events: [],
    decisions: [],
    equity: [],
    lastBar,
    bars,
    trades: [],
    orders: [],
    cancelRequested: [],
    working: [],
    ended: [],
    taken: [],
    settled,
    status,
    block,
    problem,
    books: record.books ?? {
      cash: Number(record.spec.capital),
      equity: Number(record.spec.capital),
      positions: [],
      commission: 0,
      closedTrades: 0,
      dust: {},
    },
    watched,
  };
}

/** The execution of a wanted order, as it is written down with it. */
export function executionOf(
  deps: SessionDependencies,
  record: SessionRecord,
  hasOwnTime: boolean,
  wanted: WantedOrder,
): SessionStep['orders'][number]['execution'] {
  const { id, spec, instruments } = record;
  const executionId = orderExecutionId(id, wanted, deps.sha256);
  const instrument = instruments[wanted.symbol];
  if (instrument === undefined) throw new Error(`session ${id} trades no ${wanted.symbol}`);
  const now = deps.clock.now();
  return {
    id: executionId,
    workflowId: `execution/${executionId}`,
    owner: `session/${id}`,
    plan: orderPlan(wanted, spec, { executionId, lot: instrument.lot, now, hasOwnTime }),
    base: instrument.base,
    quote: instrument.quote,
    decision: { price: wanted.intended, at: now },
  };
}
