import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { type Database, openDatabase } from '../../adapters/storage/database.ts';
import { homeLayout } from '../stack/home-layout.ts';
import type { StackRecord } from '../stack/stack-record.ts';

/** The two servers below a stack, which are asked when what happened. They live through the servers' own deaths. */
export interface ChaosConnections {
  readonly database: Database;
  readonly temporal: Client;
  close(): Promise<void>;
}

/** Opens both. Throws when the Temporal server does not answer. */
export async function openConnections(record: StackRecord): Promise<ChaosConnections> {
  const connection = await Connection.connect({ address: record.temporal.address });
  const url = readFileSync(homeLayout(record.home).databaseUrlFile, 'utf8').trim();
  const database = openDatabase(url, 'tradewind chaos');
  return {
    database,
    temporal: new Client({ connection, namespace: process.env['TEMPORAL_NAMESPACE'] || 'default' }),
    close: async () => {
      await Promise.all([connection.close(), database.end()]);
    },
  };
}
