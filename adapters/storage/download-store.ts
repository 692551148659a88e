import type pg from 'pg';
import { allocateCandles, type Candles, sliceCandles } from '../../domain/market/candles.ts';
import type { DatasetFacts } from '../../domain/market/dataset-facts.ts';
import type { DatasetRecord } from '../ports/candle-store.ts';
import type {
  DownloadAcceptance,
  DownloadClaim,
  DownloadProblem,
  DownloadRecord,
  DownloadStatus,
  DownloadStore,
  NewDownload,
} from '../ports/download-store.ts';
import { copyBarsIn, copyBarsOut, newBarKey, removeBars } from './bar-rows.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { datasetOf, findDatasetRow, insertDataset } from './dataset-rows.ts';
import { appendEvent } from './outbox.ts';
import { pageOf } from './pages.ts';
import { epochMs, epochMsOrNull, only } from './rows.ts';

const BARS_PER_BLOCK = 65_536;

interface DownloadRow {
  sequence: number;
  id: string;
  workflow_id: string;
  owner: string;
  venue: string;
  symbol: string;
  timeframe: string;
  from_at: Date;
  to_at: Date;
  status: DownloadStatus;
  next_at: Date;
  bars: number;
  dataset: number;
  dataset_id: string | null;
  problem: DownloadProblem | null;
  body_hash: string | null;
  created_at: Date;
  ended_at: Date | null;
}

function downloadOf(row: DownloadRow): DownloadRecord {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    owner: row.owner,
    venue: row.venue,
    symbol: row.symbol,
    timeframe: row.timeframe,
    from: epochMs(row.from_at),
    to: epochMs(row.to_at),
    status: row.status,
    next: epochMs(row.next_at),
    rows: row.bars,
    datasetId: row.dataset_id,
    problem: row.problem,
    createdAt: epochMs(row.created_at),
    endedAt: epochMsOrNull(row.ended_at),
  };
}

/** Downloads in Postgres. Their bars lie among those of the data sets, under a key that no data set has before they are sealed. */
export function createDownloadStore(database: Database): DownloadStore {
  return {
    acceptDownload: (download, claim) => inTransaction(database, (connection) => accept(connection, download, claim)),
    findDownload: async (id) => {
      const { rows } = await database.query<DownloadRow>('select * from downloads where id = $1', [id]);
      return rows[0] === undefined ? null : downloadOf(rows[0]);
    },
    listDownloads: async ({ cursor, limit }) => {
      const { rows } = await database.query<DownloadRow>(
        'select * from downloads where $1::bigint is null or sequence < $1 order by sequence desc limit $2',
        [cursor === undefined ? null : Number(cursor), limit + 1],
      );
      return pageOf(rows, limit, downloadOf);
    },
    notStarted: async () => {
      const { rows } = await database.query<DownloadRow>(
        'select * from downloads where not started order by sequence limit 100',
      );
      return rows.map(downloadOf);
    },
    markStarted: async (id) => {
      await database.query('update downloads set started = true where id = $1', [id]);
    },
    addPage: (id, at, candles, next) =>
      inTransaction(database, async (connection) => {
        const row = await lockRow(connection, id);
        if (row.status !== 'running' || epochMs(row.next_at) !== at) return downloadOf(row);
        const stored = candles.length === 0 ? 0 : await copyBarsIn(connection, row.dataset, one(candles));
        const { rows } = await connection.query<DownloadRow>(
          'update downloads set next_at = $2, bars = bars + $3, updated_at = now() where id = $1 returning *',
          [id, new Date(next), stored],
        );
        return downloadOf(only(rows));
      }),
    downloadedBars: (id) => downloadedBars(database, id),
    sealDownload: (id, facts) => inTransaction(database, (connection) => seal(connection, id, facts)),
    abandonDownload: (id, status, problem) =>
      inTransaction(database, async (connection) => {
        const row = await lockRow(connection, id);
        if (row.status !== 'running') return downloadOf(row);
        await removeBars(connection, row.dataset);
        return downloadOf(await end(connection, id, status, null, problem));
      }),
  };
}

async function* one(candles: Candles): AsyncGenerator<Candles> {
  yield candles;
}

/** Who works on a download, or ends it, does so alone. */
async function lockRow(connection: pg.PoolClient, id: string): Promise<DownloadRow> {
  const { rows } = await connection.query<DownloadRow>('select * from downloads where id = $1 for update', [id]);
  if (rows[0] === undefined) throw new Error(`there is no download ${id}`);
  return rows[0];
}

async function end(
  connection: pg.PoolClient,
  id: string,
  status: Exclude<DownloadStatus, 'running'>,
  datasetId: string | null,
  problem: DownloadProblem | null,
): Promise<DownloadRow> {
  const { rows } = await connection.query<DownloadRow>(
    `update downloads set status = $2, dataset_id = $3, problem = $4, ended_at = now(), updated_at = now()
     where id = $1 returning *`,
    [id, status, datasetId, problem === null ? null : JSON.stringify(problem)],
  );
  await appendEvent(connection, 'download.status', id, { status, datasetId });
  return only(rows);
}

async function accept(
  connection: pg.PoolClient,
  download: NewDownload,
  claim: DownloadClaim | null,
): Promise<DownloadAcceptance> {
  const { rows } = await connection.query<DownloadRow>(
    `insert into downloads
       (id, workflow_id, owner, idempotency_key, body_hash, venue, symbol, timeframe, from_at, to_at, next_at, dataset)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11)
     on conflict do nothing returning *`,
    [
      download.id,
      download.workflowId,
      download.owner,
      claim?.key ?? null,
      claim?.bodyHash ?? null,
      download.venue,
      download.symbol,
      download.timeframe,
      new Date(download.from),
      new Date(download.to),
      await newBarKey(connection),
    ],
  );
  if (rows[0] !== undefined) {
    await appendEvent(connection, 'download.status', download.id, { status: 'running' });
    return { kind: 'accepted', download: downloadOf(rows[0]) };
  }
  const known = await connection.query<DownloadRow>(
    'select * from downloads where owner = $1 and idempotency_key = $2',
    [download.owner, claim?.key],
  );
  const row = only(known.rows);
  return row.body_hash === claim?.bodyHash ? { kind: 'known', download: downloadOf(row) } : { kind: 'key-reused' };
}

async function* downloadedBars(database: Database, id: string): AsyncGenerator<Candles, void, undefined> {
  const { rows } = await database.query<DownloadRow>('select * from downloads where id = $1', [id]);
  const row = only(rows);
  let from: number | null = null;
  for (;;) {
    const block = allocateCandles(row.symbol, row.timeframe, BARS_PER_BLOCK);
    const range = { key: row.dataset, from, to: null, limit: BARS_PER_BLOCK };
    const bars: number = await copyBarsOut(database, range, block);
    if (bars > 0) yield sliceCandles(block, 0, bars);
    if (bars < BARS_PER_BLOCK) return;
    from = block.time[bars - 1]! + 1;
  }
}

/** A download that has been sealed before, by an attempt whose answer was lost, is answered again. */
async function seal(connection: pg.PoolClient, id: string, facts: DatasetFacts): Promise<DatasetRecord> {
  const row = await lockRow(connection, id);
  if (row.status === 'completed') return stored(connection, row.dataset_id!);
  if (row.status !== 'running') throw new Error(`the download ${id} is ${row.status} and makes no data set any more`);
  const dataset = {
    symbol: row.symbol,
    timeframe: row.timeframe,
    source: { kind: 'download', venue: row.venue, downloadId: id, ...(await marketOf(connection, row.venue)) },
    owner: row.owner,
  } as const;
  const imported = { ...facts, duplicates: 0, hasVolume: true, unusedColumns: [] };
  let record = await insertDataset(connection, row.dataset, dataset, imported);
  if (record === null) {
    await removeBars(connection, row.dataset);
    record = await stored(connection, facts.id);
  }
  await end(connection, id, 'completed', record.id, null);
  return record;
}

/** What a venue says of its market, where it says so. */
async function marketOf(connection: Connection, venue: string): Promise<{ readonly synthetic?: boolean }> {
  const { rows } = await connection.query<{ synthetic: unknown }>(
    `select assumptions -> 'synthetic' as synthetic from venues where id = $1`,
    [venue],
  );
  const said = rows[0]?.synthetic;
  return typeof said === 'boolean' ? { synthetic: said } : {};
}

async function stored(connection: Connection, id: string): Promise<DatasetRecord> {
  const row = await findDatasetRow(connection, id);
  if (row === null) throw new Error(`the data set ${id} is gone`);
  return datasetOf(row);
}
