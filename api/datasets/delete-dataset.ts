import type { CandleStore, DatasetRecord } from '../../adapters/ports/candle-store.ts';
import { Problem } from '../problems.ts';

/**
 * Deletes a data set with its bars.
 * @returns the data set that was deleted
 * @throws {Problem} `DATASET_NOT_FOUND`; `DATASET_IN_USE` while a backtest or an optimisation that has not ended names it
 */
export async function deleteDataset(store: Pick<CandleStore, 'deleteDataset'>, id: string): Promise<DatasetRecord> {
  const deletion = await store.deleteDataset(id);
  switch (deletion.kind) {
    case 'deleted':
      return deletion.record;
    case 'not-found':
      throw unknownDataset(id);
    case 'in-use': {
      const users = deletion.users.join(', ');
      throw new Problem('DATASET_IN_USE', `The data set ${id} is in use by ${users}; wait for the end or cancel.`, [
        { field: 'id', value: id, message: `in use by ${users}` },
      ]);
    }
  }
}

/** The problem of an id that no data set has. */
export function unknownDataset(id: string): Problem {
  return new Problem('DATASET_NOT_FOUND', `There is no data set "${id}".`, [
    { field: 'id', value: id, message: 'not known' },
  ]);
}
