/** A venue worker that is wrong: a fill is stored a second time under another trade id, as if a stream and a look-up had told of two. */
import { built } from './built.ts';
import { meddleWithQueries } from './queries.ts';

const TRADE_ID = 2;

meddleWithQueries((text, values, run) => {
  if (!text.startsWith('insert into fills')) return null;
  return (async () => {
    const stored = await run(text, values);
    if (stored.rowCount === 1) await run(text, values.with(TRADE_ID, `${String(values[TRADE_ID])}-again`));
    return stored;
  })();
});
await built('workers/venue.js');
