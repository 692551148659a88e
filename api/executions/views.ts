import Big from 'big.js';
import type { ExecutionRecord, StoredFill } from '../../adapters/ports/execution-store.ts';
import { toText } from '../../domain/market/decimal.ts';
import { iso } from '../iso.ts';
import { courseOfRecord } from './slice-records.ts';

/** The answer to a start or a command. */
export function startedView({ id, workflowId, status }: ExecutionRecord) {
  return { id, workflowId, status };
}

/** One execution as the API shows it. */
export function executionView(record: ExecutionRecord) {
  const { plan } = courseOfRecord(record);
  return {
    id: record.id,
    workflowId: record.workflowId,
    status: record.status,
    algo: plan.algo,
    venue: plan.venue,
    symbol: plan.symbol,
    side: plan.side,
    quantity: plan.quantity,
    filled: record.filled,
    residual: toText(new Big(plan.quantity).minus(record.filled)),
    limit: plan.limit,
    params: plan.params,
    amendments: record.amendments.map(({ number, at, quantity, endAt, limit }) => ({
      number,
      at: iso(at),
      quantity,
      endAt: iso(endAt),
      limit,
    })),
    startAt: iso(plan.startAt),
    endAt: iso(plan.endAt),
    decision: record.decision.price,
    decisionAt: iso(record.decision.at),
    owner: record.owner,
    createdAt: iso(record.createdAt),
    endedAt: iso(record.endedAt),
    problem: record.problem,
  };
}

/** One stored fill as the API shows it. */
export function fillView(fill: StoredFill) {
  return {
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    clientOrderId: fill.clientOrderId,
    slice: fill.slice,
    symbol: fill.symbol,
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    fee: fill.fee,
    feeAsset: fill.feeAsset,
    maker: fill.maker,
    at: iso(fill.at),
  };
}
