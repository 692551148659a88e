import type { Amendment } from '../../domain/execution/amendment.ts';
import type { MarketBenchmarks } from '../../domain/execution/costs/market-benchmarks.ts';
import { type ExecutionStatus, isFinal, type Problem } from '../../domain/execution/commands.ts';
import { type CoveringHalt, currentProblem, type LatestChild } from '../../domain/execution/current-problem.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { isReduceOnly } from '../../domain/execution/style.ts';
import type { IntentState } from '../../domain/orders/lifecycle.ts';
import type { OrderMode, Side } from '../../domain/orders/order.ts';
import type {
  ChildOrderRecord,
  DecisionRecord,
  ExecutionRecord,
  PricePoint,
  StoredFill,
} from '../ports/execution-store.ts';
import { fillOf, type FillRow } from './fill-rows.ts';
import { haltsOver } from './halt-store.ts';
import { modeOfRow } from './intent-rows.ts';
import { epochMs, epochMsOrNull, exact, exactOrNull } from './rows.ts';

export interface ExecutionRow {
  sequence: number;
  id: string;
  workflow_id: string;
  owner: string;
  plan: ExecutionPlan;
  amendments: readonly Amendment[];
  base: string;
  quote: string;
  status: ExecutionStatus;
  problem: Problem | null;
  filled: string;
  decision_price: string;
  decision_at: Date;
  arrival_price: string | null;
  arrival_at: Date | null;
  end_price: string | null;
  end_price_at: Date | null;
  ended_at: Date | null;
  market: MarketBenchmarks | null;
  created_at: Date;
  /** Of one that has not ended, as are the next two. */
  halt: CoveringHalt | null;
  latest: Omit<LatestChild, 'decidedAt'> | null;
  latest_at: Date | null;
}

/**
 * Every execution with what it has filled: the sum of its stored fills, never a counter of its own; and of one that has not ended, what may keep it
 * from trading: a halt that covers it, as the gate has it, and its latest child.
 */
export const SELECT_EXECUTIONS = `
  select e.*, coalesce((
    select sum(f.quantity) from fills f join intents i using (client_order_id) where i.execution_id = e.id
  ), 0) as filled, (
    select coalesce(jsonb_agg(a.amendment order by a.number), '[]') from amendments a where a.execution_id = e.id
  ) as amendments, h.halt, l.latest, l.latest_at
  from executions e
  left join lateral (
    select jsonb_build_object('scope', scope, 'target', target, 'reason', reason, 'setBy', set_by) as halt
    from ${haltsOver('e.venue', 'e.symbol')}
    order by set_at limit 1
  ) h on e.status in ('running', 'paused')
  left join lateral (
    select jsonb_build_object('slice', d.slice, 'action', d.action, 'reason', d.reason, 'problem', i.problem) as latest,
           d.decided_at as latest_at
    from decisions d left join intents i using (execution_id, child, attempt)
    where d.execution_id = e.id
    order by d.child desc, d.attempt desc limit 1
  ) l on e.status in ('running', 'paused')`;

function pricePoint(price: string | null, at: Date | null): PricePoint | null {
  return price === null || at === null ? null : { price: exact(price), at: epochMs(at) };
}

function problemOf(row: ExecutionRow): Problem | null {
  if (isFinal(row.status)) return row.problem;
  return currentProblem({
    halt: isReduceOnly(row.plan) ? null : row.halt,
    latest: row.latest === null ? null : { ...row.latest, decidedAt: epochMs(row.latest_at!) },
    amendedAt: row.amendments.at(-1)?.at ?? null,
  });
}

export function executionOf(row: ExecutionRow): ExecutionRecord {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    owner: row.owner,
    plan: row.plan,
    amendments: row.amendments,
    base: row.base,
    quote: row.quote,
    status: row.status,
    problem: problemOf(row),
    filled: exact(row.filled),
    decision: { price: exact(row.decision_price), at: epochMs(row.decision_at) },
    arrival: pricePoint(row.arrival_price, row.arrival_at),
    end: pricePoint(row.end_price, row.end_price_at),
    endedAt: epochMsOrNull(row.ended_at),
    market: row.market,
    createdAt: epochMs(row.created_at),
  };
}

export interface DecisionRow {
  execution_id: string;
  slice: number;
  child: number;
  attempt: number;
  due_at: Date;
  decided_at: Date;
  target: string;
  action: 'send' | 'carry' | 'deny';
  reason: string | null;
  quantity: string;
  price: string | null;
  bid: string;
  ask: string;
  mid: string;
}

export function decisionOf(row: DecisionRow): DecisionRecord {
  return {
    executionId: row.execution_id,
    slice: row.slice,
    child: row.child,
    attempt: row.attempt,
    dueAt: epochMs(row.due_at),
    decidedAt: epochMs(row.decided_at),
    target: exact(row.target),
    action: row.action,
    reason: row.reason,
    quantity: exact(row.quantity),
    price: exactOrNull(row.price),
    bid: exact(row.bid),
    ask: exact(row.ask),
    mid: exact(row.mid),
  };
}

export interface OrderRow {
  execution_id: string;
  slice: number;
  post_only: boolean;
  mode: OrderMode | null;
  stop_price: string | null;
  child: number;
  attempt: number;
  client_order_id: string;
  venue_order_id: string | null;
  state: IntentState;
  side: Side;
  price: string;
  quantity: string;
  filled: string;
  due_at: Date;
  sent_at: Date;
  problem: Problem | null;
}

/** Codes of orders that were written down and then not sent. */
const NEVER_SENT = 'NOT_SENT_IN_TIME';

export function orderOf(row: OrderRow): ChildOrderRecord {
  return {
    executionId: row.execution_id,
    slice: row.slice,
    mode: modeOfRow(row),
    stopPrice: exactOrNull(row.stop_price),
    child: row.child,
    attempt: row.attempt,
    clientOrderId: row.client_order_id,
    venueOrderId: row.venue_order_id,
    state: row.state,
    side: row.side,
    price: exact(row.price),
    quantity: exact(row.quantity),
    filled: exact(row.filled),
    dueAt: epochMs(row.due_at),
    sentAt: row.problem?.code === NEVER_SENT ? null : epochMs(row.sent_at),
    problem: row.problem,
  };
}

export interface StoredFillRow extends FillRow {
  execution_id: string;
  slice: number;
  child: number;
  client_order_id: string;
  mid: string;
  self_trade: boolean;
}

export function storedFillOf(row: StoredFillRow): StoredFill {
  return {
    executionId: row.execution_id,
    slice: row.slice,
    child: row.child,
    clientOrderId: row.client_order_id,
    ...fillOf(row),
    mid: exact(row.mid),
    selfTrade: row.self_trade,
  };
}
