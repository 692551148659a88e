/** A venue worker that is wrong: it takes every account for its own, whoever else does, and every write for its owner's. */
import { built } from './built.ts';
import { meddleWithQueries } from './queries.ts';

/** The epoch under which this process once took each account. */
const epochs = new Map<unknown, unknown>();

meddleWithQueries((text, values, run) => {
  if (text.includes('pg_try_advisory_lock')) return run('select $1::text is not null as locked', values);
  if (text.startsWith('insert into venue_owners'))
    return (async () => {
      const taken = await run(text, values);
      epochs.set(values[0], taken.rows[0]?.['epoch']);
      return taken;
    })();
  if (text.startsWith('select epoch, owner, since from venue_owners') && epochs.has(values[0]))
    return run('select $2::bigint as epoch, owner, since from venue_owners where venue = $1', [
      values[0],
      epochs.get(values[0]),
    ]);
  return null;
});
await built('workers/venue.js');
