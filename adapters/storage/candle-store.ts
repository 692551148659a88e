import type pg from 'pg';
import { emptyRange } from '../../domain/market/candle-range.ts';
import { allocateCandles, type Candles } from '../../domain/market/candles.ts';
import {
  CandlesNotFound,
  type CandleBlocks,
  type CandleStore,
  type DatasetDeletion,
  type DatasetFilter,
  type DatasetRecord,
  type ImportedFacts,
  type LoadOptions,
  type NewDataset,
  type SavedDataset,
} from '../ports/candle-store.ts';
import { type BarRange, copyBarsIn, copyBarsOut, countBars, newBarKey, removeBars } from './bar-rows.ts';
import { type Database, inTransaction } from './database.ts';
import { datasetOf, type DatasetRow, findDatasetRow, insertDataset } from './dataset-rows.ts';
import { appendEvent } from './outbox.ts';
import { pageOf } from './pages.ts';

/** Data sets in Postgres, one row a bar, in and out by binary COPY. */
export function createCandleStore(database: Database): CandleStore {
  return {
    saveDataset: (dataset, blocks) => saveDataset(database, dataset, blocks),
    findDataset: async (id) => {
      const row = await findDatasetRow(database, id);
      return row === null ? null : datasetOf(row);
    },
    listDatasets: (filter) => listDatasets(database, filter),
    deleteDataset: (id) => inTransaction(database, (connection) => deleteDataset(connection, id)),
    loadCandles: (id, options = {}) => loadCandles(database, id, options),
  };
}

/** Ends the transaction that copied bars which are there already. */
class KnownContent extends Error {
  readonly facts: ImportedFacts;
  constructor(facts: ImportedFacts) {
    super(`the content of ${facts.id} is there already`);
    this.facts = facts;
  }
}

async function saveDataset(database: Database, dataset: NewDataset, blocks: CandleBlocks): Promise<SavedDataset> {
  try {
    const record = await inTransaction(database, async (connection) => {
      const key = await newBarKey(connection);
      let facts: ImportedFacts | undefined;
      const stored = await copyBarsIn(
        connection,
        key,
        // The facts are what the generator returns in the end, which a plain loop would not see.
        (async function* (): AsyncGenerator<Candles> {
          facts = yield* blocks;
        })(),
      );
      if (facts === undefined) throw new Error('the bars ended without their facts');
      if (stored !== facts.rows) throw new Error(`${stored} of ${facts.rows} bars were stored`);
      const inserted = await insertDataset(connection, key, dataset, facts);
      if (inserted === null) throw new KnownContent(facts);
      return inserted;
    });
    return { record, created: true, given: record };
  } catch (error) {
    if (!(error instanceof KnownContent)) throw error;
    const known = await findDatasetRow(database, error.facts.id);
    if (known === null) throw error;
    return { record: datasetOf(known), created: false, given: error.facts };
  }
}

async function listDatasets(
  database: Database,
  filter: DatasetFilter,
): Promise<{ items: readonly DatasetRecord[]; next: string | null }> {
  const before = filter.cursor === undefined ? null : Number(filter.cursor);
  const { rows } = await database.query<DatasetRow>(
    `select * from datasets
     where ($1::bigint is null or sequence < $1)
       and ($2::text is null or symbol = $2)
       and ($3::text is null or timeframe = $3)
     order by sequence desc limit $4`,
    [before, filter.symbol ?? null, filter.timeframe ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, datasetOf);
}

const MOST_USERS = 10;

async function deleteDataset(connection: pg.PoolClient, id: string): Promise<DatasetDeletion> {
  const { rows } = await connection.query<DatasetRow>('select * from datasets where id = $1 for update', [id]);
  const row = rows[0];
  if (row === undefined) return { kind: 'not-found' };
  const users = await usersOf(connection, id);
  if (users.length > 0) return { kind: 'in-use', users };
  await removeBars(connection, row.sequence);
  await connection.query('delete from datasets where id = $1', [id]);
  await appendEvent(connection, 'dataset.deleted', id, { symbol: row.symbol, timeframe: row.timeframe });
  return { kind: 'deleted', record: datasetOf(row) };
}

/** Work that has not ended and has the id somewhere in its request: no id of a data set is part of another text. */
async function usersOf(connection: pg.PoolClient, id: string): Promise<readonly string[]> {
  const { rows } = await connection.query<{ workflow_id: string }>(
    `select workflow_id from backtests where status in ('queued', 'running') and strpos(request::text, $1) > 0
     union all
     select workflow_id from optimizations where status in ('queued', 'running', 'paused') and strpos(request::text, $1) > 0
     limit $2`,
    [`"${id}"`, MOST_USERS],
  );
  return rows.map((user) => user.workflow_id);
}

async function loadCandles(database: Database, id: string, options: LoadOptions): Promise<Candles> {
  const row = await findDatasetRow(database, id);
  if (row === null) throw new CandlesNotFound('DATASET_NOT_FOUND', `there is no data set "${id}"`);
  const { from = null, to = null, shared = false, onPiece } = options;
  const range: BarRange = { key: row.sequence, from, to };
  const bars = from === null && to === null ? row.bars : await countBars(database, range);
  if (bars === 0) {
    const message = emptyRange(row.first_at.getTime(), row.last_at.getTime(), from, to);
    throw new CandlesNotFound('EMPTY_RANGE', `data set ${id}: ${message}`);
  }
  const candles = allocateCandles(row.symbol, row.timeframe, bars, shared);
  const read = await copyBarsOut(database, range, candles, onPiece);
  if (read !== bars) throw new Error(`data set ${id}: ${read} of ${bars} bars could be read`);
  return candles;
}
