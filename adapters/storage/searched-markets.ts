import { createHash } from 'node:crypto';
import type { SearchedMarket } from '../../domain/optimization/trials/searched-market.ts';
import type { Connection } from './database.ts';

/** Stores what a job looks at. Prices of days that another job has brought before are kept once. */
export async function insertMarkets(
  connection: Connection,
  key: number,
  markets: readonly SearchedMarket[],
): Promise<void> {
  for (const { symbol, from, to, days, closes } of markets) {
    const prices = createHash('sha256')
      .update(JSON.stringify([days, closes]))
      .digest('hex');
    await connection.query(
      'insert into optimization_prices (hash, days, closes) values ($1, $2, $3) on conflict do nothing',
      [prices, days, closes],
    );
    await connection.query(
      'insert into optimization_markets (optimization, symbol, from_time, to_time, prices) values ($1, $2, $3, $4, $5)',
      [key, symbol, new Date(from), new Date(to), prices],
    );
  }
}
