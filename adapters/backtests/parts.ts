import { gunzipSync, gzipSync } from 'node:zlib';
import { isReportData, type ReportData } from '../../domain/backtest/report/report-data.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { BacktestPart, PartKind } from '../ports/backtest-store.ts';

/** Trades of one piece: a page of a list touches few pieces, and a piece is read in no time. */
export const TRADES_PER_PART = 1_000;
/** Bars of one piece of the equity curve. */
export const BARS_PER_PART = 65_536;
/** Fast: these are read more seldom than they are written, and by machines on the same network. */
const LEVEL = 1;

const pack = (content: Uint8Array | string): Uint8Array => gzipSync(content, { level: LEVEL });

/** Closed trades in pieces. */
export function tradeParts(trades: readonly Trade[]): BacktestPart[] {
  const parts: BacktestPart[] = [];
  for (let from = 0; from < trades.length; from += TRADES_PER_PART) {
    const content = pack(JSON.stringify(trades.slice(from, from + TRADES_PER_PART)));
    parts.push({ kind: 'trades', number: parts.length, content });
  }
  return parts;
}

export function tradesOf(content: Uint8Array): readonly Trade[] {
  return JSON.parse(gunzipSync(content).toString('utf8')) as readonly Trade[];
}

/** A stretch of the equity curve. */
export interface EquityPiece {
  readonly times: Float64Array;
  readonly equity: Float64Array;
}

/** The equity curve in pieces: times and then values, as the machine keeps them. */
export function equityParts({ times, equity }: EquityPiece): BacktestPart[] {
  const parts: BacktestPart[] = [];
  for (let from = 0; from < times.length; from += BARS_PER_PART) {
    const to = Math.min(times.length, from + BARS_PER_PART);
    const both = new Float64Array((to - from) * 2);
    both.set(times.subarray(from, to), 0);
    both.set(equity.subarray(from, to), to - from);
    parts.push({ kind: 'equity', number: parts.length, content: pack(new Uint8Array(both.buffer)) });
  }
  return parts;
}

export function equityOf(content: Uint8Array): EquityPiece {
  const bytes = gunzipSync(content);
  const both = new Float64Array(bytes.length / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(both.buffer).set(bytes);
  return { times: both.subarray(0, both.length / 2), equity: both.subarray(both.length / 2) };
}

/** The document of the report; pages are made of it when somebody wants to see one. */
export function reportPart(document: ReportData): BacktestPart {
  return { kind: 'report', number: 0, content: pack(JSON.stringify(document)) };
}

/** The document of the report; `null` when another version of the program has written it. */
export function reportOf(content: Uint8Array): ReportData | null {
  const document: unknown = JSON.parse(gunzipSync(content).toString('utf8'));
  return isReportData(document) ? document : null;
}

/** The document of the report of a run that happened here. */
export function reportIn(parts: readonly BacktestPart[]): ReportData {
  const part = parts.find(({ kind }) => kind === 'report');
  const document = part === undefined ? null : reportOf(part.content);
  if (document === null) throw new Error('the run left no report');
  return document;
}

/** Gives one piece after the other, wherever they lie. */
export type ReadPart = (kind: PartKind, number: number) => Promise<Uint8Array | null>;

/** A run's pieces in memory, to be read like stored ones. */
export function partsInMemory(parts: readonly BacktestPart[]): ReadPart {
  return async (kind, number) => parts.find((part) => part.kind === kind && part.number === number)?.content ?? null;
}
