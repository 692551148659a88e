import type pg from 'pg';
import { ALWAYS_OPEN } from '../../domain/market/calendar.ts';
import type { GapReport } from '../../domain/market/dataset-gaps.ts';
import { ALWAYS_OPEN_RULE, UTC_RULE } from '../../domain/market/market-days.ts';
import type { DatasetRecord, DatasetSource, ImportedFacts, NewDataset } from '../ports/candle-store.ts';
import type { Connection } from './database.ts';
import { appendEvent } from './outbox.ts';
import { epochMs } from './rows.ts';

export interface DatasetRow {
  sequence: number;
  id: string;
  hash: string;
  symbol: string;
  timeframe: string;
  bars: number;
  first_at: Date;
  last_at: Date;
  /** Rows from before days were kept have none. */
  gaps: Omit<GapReport, 'days'> & Partial<Pick<GapReport, 'days'>>;
  duplicates: number;
  has_volume: boolean;
  unused_columns: readonly string[];
  source: DatasetSource;
  owner: string;
  created_at: Date;
}

export function datasetOf(row: DatasetRow): DatasetRecord {
  return {
    id: row.id,
    hash: row.hash,
    symbol: row.symbol,
    timeframe: row.timeframe,
    rows: row.bars,
    firstAt: epochMs(row.first_at),
    lastAt: epochMs(row.last_at),
    gaps: { ...row.gaps, days: row.gaps.days ?? (row.gaps.calendar === ALWAYS_OPEN ? ALWAYS_OPEN_RULE : UTC_RULE) },
    duplicates: row.duplicates,
    hasVolume: row.has_volume,
    unusedColumns: row.unused_columns,
    source: row.source,
    owner: row.owner,
    createdAt: epochMs(row.created_at),
  };
}

/** The stored data set of that id with the key of its bars, or `null`. */
export async function findDatasetRow(connection: Connection, id: string): Promise<DatasetRow | null> {
  const { rows } = await connection.query<DatasetRow>('select * from datasets where id = $1', [id]);
  return rows[0] ?? null;
}

/**
 * Stores a data set whose bars lie under `key`.
 * @returns `null` when there is one with the same content already
 */
export async function insertDataset(
  connection: pg.PoolClient,
  key: number,
  dataset: NewDataset,
  facts: ImportedFacts,
): Promise<DatasetRecord | null> {
  const { rows } = await connection.query<DatasetRow>(
    `insert into datasets
       (sequence, id, hash, symbol, timeframe, bars, first_at, last_at, gaps, duplicates, has_volume, unused_columns, source, owner)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (hash) do nothing returning *`,
    [
      key,
      facts.id,
      facts.hash,
      dataset.symbol,
      dataset.timeframe,
      facts.rows,
      new Date(facts.firstAt),
      new Date(facts.lastAt),
      JSON.stringify(facts.gaps),
      facts.duplicates,
      facts.hasVolume,
      JSON.stringify(facts.unusedColumns),
      JSON.stringify(dataset.source),
      dataset.owner,
    ],
  );
  const row = rows[0];
  if (row === undefined) return null;
  await appendEvent(connection, 'dataset.created', row.id, { symbol: row.symbol, timeframe: row.timeframe });
  return datasetOf(row);
}
