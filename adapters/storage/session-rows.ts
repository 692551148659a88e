import type { Problem } from '../../domain/execution/commands.ts';
import { strategyName } from '../../domain/backtest/spec/spec.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { JournalEntry, SessionEvent } from '../../domain/session/journal.ts';
import type { PlacedOrder, WantedOrder, WatchedOrder } from '../../domain/session/order.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { EntryBlock, SessionStatus, StopMode } from '../../domain/session/status.ts';
import type { NewSession, SessionBooks, SessionOrder, SessionRecord } from '../ports/session-store.ts';
import { epochMs, epochMsOrNull } from './rows.ts';

export interface SessionRow {
  sequence: number;
  id: string;
  workflow_id: string;
  owner: string;
  spec: SessionSpec;
  strategy_hash: string | null;
  strategy_parts: readonly StrategyPart[];
  params: Readonly<Record<string, number>>;
  base: Readonly<Record<string, string>>;
  quote: string;
  instruments: Readonly<Record<string, Instrument>>;
  rests_stops: boolean;
  fee_rate: string;
  status: SessionStatus;
  stop_mode: StopMode | null;
  block: EntryBlock | null;
  problem: Problem | null;
  start_bar: Date;
  first_candle: Date;
  last_bar: Date | null;
  bars: number;
  seq: number;
  version: number;
  settled: boolean;
  books: SessionBooks | null;
  watched: readonly WatchedOrder[];
  ended_at: Date | null;
  created_at: Date;
}

export function sessionOf(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    owner: row.owner,
    spec: row.spec,
    strategyHash: row.strategy_hash,
    ...(row.strategy_parts.length === 0 ? {} : { strategyParts: row.strategy_parts }),
    params: row.params,
    base: row.base,
    quote: row.quote,
    instruments: row.instruments,
    restsStops: row.rests_stops,
    feeRate: row.fee_rate,
    status: row.status,
    stopMode: row.stop_mode,
    block: row.block,
    problem: row.problem,
    startBar: epochMs(row.start_bar),
    firstCandle: epochMs(row.first_candle),
    lastBar: epochMsOrNull(row.last_bar),
    bars: row.bars,
    seq: row.seq,
    version: row.version,
    settled: row.settled,
    books: row.books,
    watched: row.watched,
    createdAt: epochMs(row.created_at),
    endedAt: epochMsOrNull(row.ended_at),
  };
}

export const INSERT_SESSION = `
  insert into sessions (id, workflow_id, owner, spec, strategy, strategy_hash, params, venue, symbols, timeframe, base, quote,
    instruments, rests_stops, start_bar, first_candle, strategy_parts, fee_rate)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    coalesce((select limits->>'feeRate' from venues where id = $8), '0'))`;

export function sessionValues(session: NewSession, instruments: SessionRecord['instruments']): unknown[] {
  const { spec } = session;
  return [
    session.id,
    session.workflowId,
    session.owner,
    JSON.stringify(spec),
    strategyName(spec.strategy),
    session.strategyHash,
    JSON.stringify(spec.strategy.params),
    spec.venue,
    spec.symbols,
    spec.timeframe,
    JSON.stringify(session.base),
    session.quote,
    JSON.stringify(instruments),
    session.restsStops,
    new Date(session.startBar),
    new Date(session.firstCandle),
    JSON.stringify(session.strategyParts ?? []),
  ];
}

export interface JournalRow {
  seq: number;
  after: Date | null;
  event: SessionEvent;
}

export function entryOf(row: JournalRow): JournalEntry {
  return { seq: row.seq, after: epochMsOrNull(row.after), event: row.event };
}

export interface OrderRow {
  number: number;
  version: number;
  execution_id: string;
  wanted: WantedOrder;
  state: PlacedOrder['state'];
  cancel_requested: boolean;
  started: boolean;
}

export function placedOf(row: OrderRow): SessionOrder {
  const { symbol, side, kind, purpose, quantity } = row.wanted;
  return {
    order: row.number,
    version: row.version,
    symbol,
    side,
    kind,
    purpose,
    quantity,
    executionId: row.execution_id,
    state: row.state,
    cancelRequested: row.cancel_requested,
    started: row.started,
  };
}
