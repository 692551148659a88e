import Big from 'big.js';
import { sumOf } from '../../domain/market/decimal.js';
import { explainBalances } from '../../domain/portfolio/explain-balances.js';
/** Balances are read so often before a difference that stays the same counts as one. */
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
/** How far the venue's time of a trade may lie from our measure of that time when balances are read. */
const CLOCK_SLACK_MS = 1_000;
/**
 * Compares the account's balances with those of the last run plus all trades since, ours and foreign. A difference counts only when several
 * looks agree on it, since balances and trades are read one after the other while the account trades.
 *
 * @param adopt stores every trade that is not stored yet; for those symbols too that are given to it
 */
export async function checkBalances(deps, before, adopt) {
  let earlier = null;
  let symbols = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await deps.wait(PAUSE_MS);
    const look = before === null ? await firstLook(deps, adopt) : await compare(deps, before, symbols, adopt);
    if (look === null) continue;
    if (isEmpty(look.differences)) return look;
    if (attempt === ATTEMPTS && earlier !== null && isSame(earlier.differences, look.differences)) return look;
    earlier = look;
    symbols = marketsBetween(deps, Object.keys(look.differences));
  }
  return { differences: {}, snapshot: null };
}
/** With nothing to compare with, balances are taken as they are, provided that it is clear which trades they contain. */
async function firstLook(deps, adopt) {
  const { balances, asOf, slackMs } = await readBalances(deps);
  await adopt([]);
  const since = { at: asOf - slackMs - 1, symbol: '', tradeId: '' };
  const near = await deps.reconciliations.tradesAfter(deps.account.venueId, since);
  if (near.some(({ at }) => at <= asOf + slackMs)) return null;
  return { differences: {}, snapshot: { balances, cut: { at: asOf, symbol: '', tradeId: '' } } };
}
async function compare(deps, before, symbols, adopt) {
  const { balances, asOf, slackMs } = await readBalances(deps);
  // After the balances, so that every trade in them is known.
  await adopt(symbols);
  const trades = await deps.reconciliations.tradesAfter(deps.account.venueId, before.cut);
  const { cut, amounts } = explainBalances({ before: before.balances, trades, after: balances, asOf, slackMs });
  return { differences: amounts, snapshot: { balances, cut: cutAfter(before.cut, trades, cut) } };
}
function cutAfter(before, trades, count) {
  const last = trades[count - 1];
  return last === undefined ? before : { at: last.at, symbol: last.symbol, tradeId: last.tradeId };
}
async function readBalances({ account }) {
  const asked = account.venueNow();
  const read = await account.balances();
  const answered = account.venueNow();
  const held = read.map(({ asset, free, locked }) => [asset, sumOf([free, locked])]);
  return {
    balances: Object.fromEntries(held.filter(([, amount]) => !new Big(amount).eq(0))),
    asOf: Math.round((asked + answered) / 2),
    slackMs: Math.ceil((answered - asked) / 2) + CLOCK_SLACK_MS,
  };
}
/** Markets on which a person may have traded one of the assets for another. */
function marketsBetween(deps, assets) {
  return deps
    .instruments()
    .filter(({ base, quote }) => assets.includes(base) && assets.includes(quote))
    .map(({ symbol }) => symbol);
}
function isEmpty(amounts) {
  return Object.keys(amounts).length === 0;
}
function isSame(a, b) {
  const assets = Object.keys(a);
  return assets.length === Object.keys(b).length && assets.every((asset) => a[asset] === b[asset]);
}
