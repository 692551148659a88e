import type { BalanceSnapshot } from '../../adapters/ports/reconciliation-store.ts';
import { compare, type DurationMs, type EpochMs, sumOf } from '../../domain/market/decimal.ts';
import type { AccountTrade, Amounts, TradeCut } from '../../domain/portfolio/account-trade.ts';
import { explainBalances } from '../../domain/portfolio/explain-balances.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

/** Balances are read so often before a difference that stays the same counts as one. */
const ATTEMPTS = 3;
const PAUSE_MS: DurationMs = 1_000;
/** How far the venue's time of a trade may lie from our measure of that time when balances are read. */
const CLOCK_SLACK_MS: DurationMs = 1_000;

/** What an account's balances say: amounts that no trade explains, and what the next run compares with. */
export interface BalanceCheck {
  readonly differences: Amounts;
  /** `null` when trades went on so that no two looks agreed: the next run compares with the same balances as this one. */
  readonly snapshot: BalanceSnapshot | null;
}

interface Look {
  readonly differences: Amounts;
  readonly snapshot: BalanceSnapshot;
}

/**
 * Compares the account's balances with those of the last run plus all trades since, ours and foreign. A difference counts only when several
 * looks agree on it, since balances and trades are read one after the other while the account trades.
 *
 * @param adopt stores every trade that is not stored yet; for those symbols too that are given to it
 */
export async function checkBalances(
  deps: ReconciliationDependencies,
  before: BalanceSnapshot | null,
  adopt: (symbols: readonly string[]) => Promise<void>,
): Promise<BalanceCheck> {
  let earlier: Look | null = null;
  let symbols: readonly string[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await deps.wait(PAUSE_MS);
    const look: Look | null =
      before === null ? await firstLook(deps, adopt) : await compareWith(deps, before, symbols, adopt);
    if (look === null) continue;
    if (isEmpty(look.differences)) return look;
    if (attempt === ATTEMPTS && earlier !== null && isSame(earlier.differences, look.differences)) return look;
    earlier = look;
    symbols = marketsBetween(deps, Object.keys(look.differences));
  }
  return { differences: {}, snapshot: null };
}

/** With nothing to compare with, balances are taken as they are, provided that it is clear which trades they contain. */
async function firstLook(
  deps: ReconciliationDependencies,
  adopt: (symbols: readonly string[]) => Promise<void>,
): Promise<Look | null> {
  const { balances, asOf, slackMs } = await readBalances(deps);
  await adopt([]);
  const since = { at: asOf - slackMs - 1, symbol: '', tradeId: '' };
  const near = await deps.reconciliations.tradesAfter(deps.account.venueId, since);
  if (near.some(({ at }) => at <= asOf + slackMs)) return null;
  return { differences: {}, snapshot: { balances, cut: { at: asOf, symbol: '', tradeId: '' } } };
}

async function compareWith(
  deps: ReconciliationDependencies,
  before: BalanceSnapshot,
  symbols: readonly string[],
  adopt: (symbols: readonly string[]) => Promise<void>,
): Promise<Look> {
  const { balances, asOf, slackMs } = await readBalances(deps);
  // After the balances, so that every trade in them is known.
  await adopt(symbols);
  const trades = await deps.reconciliations.tradesAfter(deps.account.venueId, before.cut);
  const { cut, amounts } = explainBalances({ before: before.balances, trades, after: balances, asOf, slackMs });
  return { differences: amounts, snapshot: { balances, cut: cutAfter(before.cut, trades, cut) } };
}

function cutAfter(before: TradeCut, trades: readonly AccountTrade[], count: number): TradeCut {
  const last = trades[count - 1];
  return last === undefined ? before : { at: last.at, symbol: last.symbol, tradeId: last.tradeId };
}

async function readBalances({ account }: ReconciliationDependencies): Promise<{
  readonly balances: Amounts;
  readonly asOf: EpochMs;
  readonly slackMs: DurationMs;
}> {
  const asked = account.venueNow();
  const read = await account.balances();
  const answered = account.venueNow();
  const held = read.map(({ asset, free, locked }) => [asset, sumOf([free, locked])] as const);
  return {
    balances: Object.fromEntries(held.filter(([, amount]) => compare(amount, '0') !== 0)),
    asOf: Math.round((asked + answered) / 2),
    slackMs: Math.ceil((answered - asked) / 2) + CLOCK_SLACK_MS,
  };
}

/** Markets on which a person may have traded one of the assets for another. */
function marketsBetween(deps: ReconciliationDependencies, assets: readonly string[]): readonly string[] {
  return deps
    .instruments()
    .filter(({ base, quote }) => assets.includes(base) && assets.includes(quote))
    .map(({ symbol }) => symbol);
}

function isEmpty(amounts: Amounts): boolean {
  return Object.keys(amounts).length === 0;
}

function isSame(a: Amounts, b: Amounts): boolean {
  const assets = Object.keys(a);
  return assets.length === Object.keys(b).length && assets.every((asset) => a[asset] === b[asset]);
}
