import Big from 'big.js';
import type { VenueEntry } from '../../adapters/ports/order-ledger.ts';
import type {
  DecisionRow,
  EquityRow,
  JournalRow,
  SessionEntry,
  SessionOrderRow,
  TradeRow,
} from '../../adapters/ports/session-reader.ts';
import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { type Decimal, toText } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { mayOpen, nextChange } from '../../domain/session/hours/trading-hours.ts';
import { iso } from '../iso.ts';
import type { SessionCheck } from './check.ts';

/** Digits of mean prices and costs in answers. */
const DIGITS = 8;

/** The answer to a start. */
export function startedView({ id, workflowId, status }: SessionRecord) {
  return { id, workflowId, status };
}

/** What of a venue account is shown beside a session. */
export type SessionVenue = VenueEntry['profile'] | undefined;

/** One session as the API shows it. Bars are named by their opening time, in the time of the session's market. */
export function sessionView(
  { record, books, watched, openOrders, fillsTaken, candleSeen }: SessionEntry,
  venue: SessionVenue,
) {
  const { spec } = record;
  const barMs = timeframeMs(spec.timeframe);
  const lastClosedAt = record.lastBar === null ? record.startBar : record.lastBar + barMs;
  return {
    ...startedView(record),
    name: spec.name,
    venue: spec.venue,
    label: venue?.label ?? 'unknown',
    marketTime: venue?.marketTime ?? 'wall',
    symbols: spec.symbols,
    timeframe: spec.timeframe,
    strategy: { ...spec.strategy, params: record.params },
    strategyHash: record.strategyHash,
    strategyParts: record.strategyParts ?? [],
    capital: spec.capital,
    quote: record.quote,
    sizing: spec.sizing,
    hours: spec.hours,
    atClose: spec.atClose,
    catchUp: spec.catchUp,
    maxBarAgeMs: spec.maxBarAgeMs,
    orders: spec.orders,
    firstCandle: iso(record.firstCandle),
    startBar: iso(record.startBar),
    lastBar: iso(record.lastBar),
    nextBarClosesAt: iso(lastClosedAt + barMs),
    isOpen: mayOpen(spec.hours, lastClosedAt),
    hoursChangeAt: iso(nextChange(spec.hours, lastClosedAt)),
    bars: record.bars,
    settled: record.settled,
    fillsTaken,
    openOrders,
    cash: books?.cash ?? Number(spec.capital),
    equity: books?.equity ?? Number(spec.capital),
    commission: books?.commission ?? 0,
    positions: books?.positions ?? [],
    dust: books?.dust ?? {},
    otherFees: books?.otherFees ?? {},
    notes: (books?.notes ?? []).map(({ after, ...note }) => ({ after: iso(after), ...note })),
    watched: watched.filter(({ held }) => held === 'session'),
    candleSeen: candleSeen && { time: iso(candleSeen.time), high: candleSeen.high, low: candleSeen.low },
    stopMode: record.stopMode,
    block: record.block && { ...record.block, since: iso(record.block.since) },
    problem: record.problem,
    owner: record.owner,
    createdAt: iso(record.createdAt),
    endedAt: iso(record.endedAt),
  };
}

/** A decision as the API shows it. */
export function decisionView({ decision, decidedAt }: DecisionRow) {
  return {
    ...decision,
    bar: iso(decision.bar),
    closedAt: iso(decision.closedAt),
    decidedAt: iso(decidedAt),
  };
}

/** A closed trade as the API shows it. What no order has ended was taken out of the books by a person. */
export function tradeView({ number, trade, entryOrder, exitOrder }: TradeRow) {
  return {
    number,
    ...trade,
    entryTime: iso(trade.entryTime),
    exitTime: iso(trade.exitTime),
    exitReason: exitOrder === null ? 'adjusted' : trade.exitReason,
    entryOrder,
    exitOrder,
  };
}

export function equityView({ bar, equity, cash }: EquityRow) {
  return { bar: iso(bar), equity, cash };
}

export function journalView({ seq, after, event, recordedAt }: JournalRow) {
  const { kind, ...details } = event;
  const told = 'time' in details ? { ...details, time: iso(details.time) } : details;
  return { seq, after: iso(after), kind, ...told, recordedAt: iso(recordedAt) };
}

/** An order with the price it was decided on, the mid when it was sent, and what it traded at. */
export function orderView(row: SessionOrderRow) {
  const { wanted, decided, filled, notional } = row;
  const price = new Big(filled).gt(0) ? new Big(notional).div(filled) : null;
  return {
    order: wanted.order,
    version: wanted.version,
    symbol: wanted.symbol,
    side: wanted.side,
    kind: wanted.kind,
    purpose: wanted.purpose,
    quantity: wanted.quantity,
    limit: wanted.limit,
    stop: wanted.stop,
    bar: iso(wanted.bar),
    state: row.state,
    cancelRequested: row.cancelRequested,
    intended: wanted.intended,
    decisionMid: decided?.mid ?? null,
    sentAt: iso(decided?.sentAt ?? null),
    filled,
    price: price === null ? null : rounded(price),
    fees: row.fees,
    fills: row.fills,
    firstFillAt: iso(row.firstFillAt),
    costToIntendedBps: costBps(wanted.side, price, wanted.intended),
    costToMidBps: costBps(wanted.side, price, decided?.mid ?? null),
    executionId: row.executionId,
    executionStatus: row.execution.status,
    problem: row.execution.problem,
    clientOrderIds: row.clientOrderIds,
    createdAt: iso(row.createdAt),
    endedAt: iso(row.endedAt),
  };
}

/** How much worse than `reference` it traded, in basis points: positive is a cost. `null` where one of the prices is missing. */
function costBps(side: 'buy' | 'sell', price: Big | null, reference: Decimal | null): Decimal | null {
  if (price === null || reference === null) return null;
  const from = new Big(reference);
  const worse = side === 'buy' ? price.minus(from) : from.minus(price);
  return toText(worse.div(from).times(10_000).round(4));
}

const rounded = (price: Big): Decimal => toText(price.round(DIGITS));

/** A check list as the API shows it. */
export function checkView({ label, needsConfirmation, lines }: SessionCheck) {
  return {
    label,
    needsConfirmation,
    ok: lines.every(({ outcome }) => outcome !== 'problem'),
    items: lines.map(({ check, outcome, detail, problem }) => ({
      check,
      outcome,
      detail,
      code: problem?.code ?? null,
      errors: problem?.document().errors ?? [],
    })),
  };
}
