import type { VenueLimits, VenueLimitsBoard } from '../ports/venue-limits.ts';
import type { Database } from './database.ts';
import { readAccountUse } from './gate-facts.ts';

/** The gate's settings of each account in Postgres. */
export function createVenueLimitsBoard(database: Database): VenueLimitsBoard {
  return {
    publishLimits: async (venue, limits) => {
      await database.query('update venues set limits = $2 where id = $1', [venue, JSON.stringify(limits)]);
    },
    listLimits: async (now) => {
      const { rows } = await database.query<{ id: string; limits: VenueLimits | null }>(
        'select id, limits from venues order by id',
      );
      return Promise.all(
        rows.map(async ({ id, limits }) => {
          const { openNotional, recentOrders } = await readAccountUse(database, id, now);
          return {
            venue: id,
            limits,
            openNotional,
            ordersLast10s: recentOrders.last10s,
            ordersLastMinute: recentOrders.lastMinute,
            at: now,
          };
        }),
      );
    },
  };
}
