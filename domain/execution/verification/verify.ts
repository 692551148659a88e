import type Big from 'big.js';
import { type Decimal, decimal, sumOf, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Sha256Hex } from '../../orders/client-order-id.ts';
import { isWorking, type Side } from '../../orders/order.ts';
import { type DuplicateOrder, duplicateOrders, type LedgerOrder, type OwnOrder } from './duplicates.ts';
import { enumerateClientOrderIds } from './own-orders.ts';
import { type ReportedSlice, type ScheduleLead, scheduleLeads } from './schedule-lead.ts';
import { matchTrades, type TradeRecord } from './trade-match.ts';

/** What our side says about an execution. */
export interface ReportedExecution {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  /** These three in base, as the report has them. */
  readonly ordered: Decimal;
  readonly filled: Decimal;
  readonly residual: Decimal;
  /** How many children it can have had: `mostChildren` of its slices. */
  readonly children: number;
  /** Every client order id that our side has on record. */
  readonly clientOrderIds: readonly string[];
  readonly slices: readonly ReportedSlice[];
  /** Whether it is over, so that nothing of it may still trade. */
  readonly isFinal: boolean;
}

/** A slice has one child, or two when the first waits at the touch; further tries come after all others and leave traces. */
export function mostChildren(slices: number): number {
  return 2 * slices;
}

export interface VerifyInput {
  readonly execution: ReportedExecution;
  /** The execution's fills as our database has them. */
  readonly storedFills: readonly TradeRecord[];
  /** The venue's own ledger, whole: it may hold orders of others. */
  readonly ledger: {
    readonly orders: readonly LedgerOrder[];
    readonly fills: readonly (TradeRecord & { readonly symbol: string })[];
  };
  /** What is traded: its minimums say what the venue takes as one order. */
  readonly instrument: Pick<Instrument, 'minQuantity' | 'minNotional'>;
  readonly sha256: Sha256Hex;
}

/** Children are priced up to so much beyond the market, and so was the rest that was too small for an order of its own. */
const PRICE_ROOM = '1.1';

/** Whether the venue takes no order of that quantity at any price at which the execution has traded. */
function tooSmallAt(trades: readonly TradeRecord[], { minQuantity, minNotional }: VerifyInput['instrument']) {
  const prices = trades.map((trade) => decimal(trade.price));
  return (rest: Big): boolean =>
    rest.lt(minQuantity) || prices.some((price) => rest.times(price).lt(decimal(minNotional).times(PRICE_ROOM)));
}

/** Whether our books and the venue's tell the same story. */
export interface Verification {
  readonly ordered: Decimal;
  /** By the ledger, in base. */
  readonly filled: Decimal;
  /** As reported, in base; dust is part of it. */
  readonly residual: Decimal;
  /** Accepted orders beyond the one that each child may have. */
  readonly duplicates: number;
  /** Ledger trades of ours that our database lacks. */
  readonly lost: number;
  /** Stored fills without a ledger trade of their own. */
  readonly doubleCounted: number;
  /** Orders of an execution that is over which may still trade at the venue. */
  readonly leftOpen: number;
  /** By the ledger, in base: filled beyond what was ordered. */
  readonly overfilled: Decimal;
  /**
   * The three counts and `leftOpen` are 0, ledger and report have filled the same, which is never more than ordered nor ahead of the schedule,
   * and filled + residual = ordered.
   */
  readonly exact: boolean;
  readonly details: VerificationDetails;
}

/** The ids behind the counts, and what makes the quantities disagree, for people. */
interface VerificationDetails {
  readonly acceptedOrders: number;
  readonly ledgerTrades: number;
  readonly duplicateOrders: readonly DuplicateOrder[];
  readonly lostTradeIds: readonly string[];
  readonly doubleCountedTradeIds: readonly string[];
  /** Orders under our ids with another symbol or side than the execution's: their trades fill nothing of it. */
  readonly misdirectedOrderIds: readonly string[];
  /** Ids on our record that the execution's own id does not lead to. */
  readonly foreignClientOrderIds: readonly string[];
  readonly leftOpenOrderIds: readonly string[];
  readonly ahead: readonly ScheduleLead[];
  /** Every client order id of this execution under which the ledger has an order. */
  readonly ownClientOrderIds: readonly string[];
  /** One sentence for each thing that is wrong. */
  readonly findings: readonly string[];
}

/**
 * Holds an execution's report and stored fills against the venue's own ledger.
 *
 * The ledger's side is found without any record of ours: the client order ids are derived from the execution id
 * (`enumerateClientOrderIds`), and every order and trade under them counts. So a duplicate, a lost or an invented trade
 * shows even when our records agree among themselves.
 */
export function verifyExecution({ execution, storedFills, ledger, instrument, sha256 }: VerifyInput): Verification {
  const inLedger = ledger.orders.flatMap((order) => order.clientOrderId ?? []);
  const ids = enumerateClientOrderIds({
    executionId: execution.id,
    children: execution.children,
    known: new Set([...inLedger, ...execution.clientOrderIds]),
    sha256,
  });
  const own: OwnOrder[] = ledger.orders.flatMap((order) => {
    const place = order.clientOrderId === null ? undefined : ids.get(order.clientOrderId);
    return place === undefined || order.clientOrderId === null
      ? []
      : [{ order, clientOrderId: order.clientOrderId, ...place }];
  });

  const keyOf = (order: { readonly symbol: string; readonly orderId: string }) => `${order.symbol} ${order.orderId}`;
  const isFitting = ({ order }: OwnOrder) => order.symbol === execution.symbol && order.side === execution.side;
  const fitting = own.filter(isFitting);
  const ownKeys = new Set(own.map(({ order }) => keyOf(order)));
  const fittingKeys = new Set(fitting.map(({ order }) => keyOf(order)));
  const trades = ledger.fills.filter((trade) => ownKeys.has(keyOf(trade)));

  const duplicates = duplicateOrders(own);
  const { lost, doubleCounted } = matchTrades(trades, storedFills);
  const filled = sumOf(trades.filter((trade) => fittingKeys.has(keyOf(trade))).map((trade) => trade.quantity));
  const filledByOrders = sumOf(fitting.map(({ order }) => order.filled));
  const misdirected = own.filter((each) => !isFitting(each));
  const foreign = execution.clientOrderIds.filter((id) => !ids.has(id));

  const leftOpen = execution.isFinal ? own.filter(({ order }) => isWorking(order)) : [];
  const filledUnder = (id: string) =>
    decimal(sumOf(fitting.filter(({ clientOrderId }) => clientOrderId === id).map(({ order }) => order.filled)));
  const ahead = scheduleLeads(execution.slices, filledUnder, tooSmallAt(trades, instrument));
  const beyond = decimal(filled).minus(decimal(execution.ordered));
  const isOverfilled = beyond.gt(0);

  const reported = decimal(execution.filled);
  const sameFilled = decimal(filled).eq(reported) && decimal(filledByOrders).eq(reported);
  const conserved = decimal(filled).plus(decimal(execution.residual)).eq(decimal(execution.ordered));
  const findings = [
    ...duplicates.map(
      ({ orderId, child, attempt, kind }) =>
        `order ${orderId} (child ${child}, attempt ${attempt}) is one too many: ${KIND_IN_WORDS[kind]}`,
    ),
    ...lost.map((trade) => `trade ${trade.tradeId} is in the ledger but not among the stored fills`),
    ...doubleCounted.map((trade) => `the stored fill ${trade.tradeId} has no ledger trade of its own`),
    ...misdirected.map(({ order }) => `order ${order.orderId} is a ${order.side} of ${order.symbol}`),
    ...foreign.map((id) => `client order id ${id} is on record, but not one of this execution's`),
    ...leftOpen.map(({ order }) => `order ${order.orderId} is still open at the venue, though the execution is over`),
    ...ahead.map(({ n, target, filled: by }) => `${by} had filled by slice ${n}, whose target is ${target}`),
    ...(isOverfilled ? [`filled ${filled} is more than was ordered, ${execution.ordered}`] : []),
    ...(sameFilled
      ? []
      : [
          `filled is ${execution.filled} in the report, ${filled} by the ledger's trades, ${filledByOrders} by its orders`,
        ]),
    ...(conserved
      ? []
      : [`filled ${filled} + residual ${execution.residual} is not what was ordered, ${execution.ordered}`]),
  ];
  return {
    ordered: toText(decimal(execution.ordered)),
    filled,
    residual: toText(decimal(execution.residual)),
    duplicates: duplicates.length,
    lost: lost.length,
    doubleCounted: doubleCounted.length,
    leftOpen: leftOpen.length,
    overfilled: isOverfilled ? toText(beyond) : '0',
    exact:
      duplicates.length + lost.length + doubleCounted.length + leftOpen.length + ahead.length === 0 &&
      sameFilled &&
      conserved &&
      !isOverfilled,
    details: {
      acceptedOrders: own.filter(({ order }) => order.status !== 'rejected').length,
      ledgerTrades: trades.length,
      duplicateOrders: duplicates,
      lostTradeIds: lost.map((trade) => trade.tradeId),
      doubleCountedTradeIds: doubleCounted.map((trade) => trade.tradeId),
      misdirectedOrderIds: misdirected.map(({ order }) => order.orderId),
      foreignClientOrderIds: foreign,
      leftOpenOrderIds: leftOpen.map(({ order }) => order.orderId),
      ahead,
      ownClientOrderIds: [...new Set(own.map(({ clientOrderId }) => clientOrderId))],
      findings,
    },
  };
}

const KIND_IN_WORDS = {
  'same-id': 'its client order id was accepted before',
  'further-attempt': 'an earlier attempt was accepted and did not end refused or expired',
} as const;
