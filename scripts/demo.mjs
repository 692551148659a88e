#!/usr/bin/env node
/**
 * The whole story in about two minutes: a stack in a fresh home; a TWAP through the API whose workers die in the middle; a paper session on a fast
 * replay of made-up candles whose workers die in the middle, beside its backtest; and each time the proof from the exchange's own ledger.
 * With `--candles F.csv` the session alone, on candles of one's own. Exits 0 only when everything is equal and exact.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApi, startStack } from './demo/demo-stack.mjs';
import { candlesOf } from './demo/replayed-candles.mjs';
import { replayVenue, sessionAct } from './demo/session-act.mjs';
import { chapter, tell } from './demo/telling.mjs';
import { TWAP_VENUE, twapAct } from './demo/twap-act.mjs';
import { ensureOrExit } from './ensure.mjs';

const USAGE = 'npm run demo [-- --candles F.csv [--timeframe 15m] [--stamp open|close] [--resample 15m]]';

/** Candles of one's own; `undefined` for made-up ones. */
function recordedOf(args) {
  const text = { type: 'string' };
  const { values } = parseArgs({ args, options: { candles: text, timeframe: text, stamp: text, resample: text } });
  const { candles: file, ...how } = values;
  if (file !== undefined) return { timeframe: '15m', stamp: 'open', ...how, file };
  const [stray] = Object.keys(how);
  if (stray !== undefined) throw new Error(`--${stray} says how to read --candles, which is not given`);
  return undefined;
}

async function demonstrate(home, recorded) {
  const candles = await candlesOf(home, recorded);
  chapter('A stack of its own, in a fresh home, beside any other');
  const stack = await startStack(home, [...(candles.isSynthetic ? [TWAP_VENUE] : []), replayVenue(candles)]);
  onInterrupt(() => stack.stop());
  try {
    const record = stack.record();
    tell(`API ${record.api}, Temporal UI ${record.temporal.ui}`);
    const call = openApi(record);
    const isTwapExact = !candles.isSynthetic || (await twapAct(stack, call));
    const isSessionEqual = await sessionAct(stack, call, candles);
    return isTwapExact && isSessionEqual;
  } finally {
    chapter('Stopping');
    await stack.stop();
  }
}

/** Cleans up when the user has seen enough. */
function onInterrupt(stop) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void stop().then(() => {
        rmSync(home, { recursive: true, force: true });
        process.exit(130);
      });
    });
  }
}

let recorded;
try {
  recorded = recordedOf(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`demo: ${error.message}\nusage: ${USAGE}\n`);
  process.exit(2);
}
await ensureOrExit();
const home = mkdtempSync(join(tmpdir(), 'tradewind-demo-'));
// Temporary folders are private; PostgreSQL, which under root runs as its own user, has to pass through.
chmodSync(home, 0o711);
try {
  const exact = await demonstrate(home, recorded);
  const good =
    'Workers died, nothing was sent twice, lost or counted twice, and the session is its backtest, trade for trade';
  chapter(exact ? good : 'The proof FAILED');
  process.exitCode = exact ? 0 : 1;
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
