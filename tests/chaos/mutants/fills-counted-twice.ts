/** A venue worker that is wrong: what a look-up tells of a fill is stored under another trade id than what a stream tells of it. */
import { built } from './built.ts';
import { meddleWithQueries } from './queries.ts';

const TRADE_ID = 2;

meddleWithQueries((text, values, run) => {
  if (!text.startsWith('insert into fills')) return null;
  return (async () => {
    await run(text, values);
    return run(text, values.with(TRADE_ID, `${String(values[TRADE_ID])}-again`));
  })();
});
await built('workers/venue.js');
