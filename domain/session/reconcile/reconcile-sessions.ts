import Big from 'big.js';
import { type Decimal, type EpochMs, toText } from '../../market/decimal.ts';
import type { Amounts } from '../../portfolio/account-trade.ts';
import { type AccountMoves, movedAmounts, type MovedAmounts } from './account-moves.ts';
import { causeOf, type MoveCause } from './cause-of.ts';

/** What one session of an account has by its books. */
export interface SessionHoldings {
  readonly sessionId: string;
  /** Units by base asset; assets of which it holds nothing may be left out. */
  readonly positions: Amounts;
  readonly quote: string;
  readonly cash: Decimal;
  /** Trades in its books: a venue may round the amounts of each. */
  readonly trades: number;
  /** Nothing is on its way, and all trades that the ledger knew are in its books. */
  readonly settled: boolean;
  /** When its books last took in a trade; `null` when they never did. */
  readonly changedAt: EpochMs | null;
}

export interface SessionsQuestion {
  /** All sessions of the account that have not ended. */
  readonly sessions: readonly SessionHoldings[];
  /** What the account holds, free and locked together, and when that was read. */
  readonly balances: Amounts;
  readonly balancesAt: EpochMs;
  /** What others did since the first of the sessions started. */
  readonly moves: AccountMoves;
  /** The answer to the question before; `null` before the first. */
  readonly before: Pick<SessionsReconciliation, 'differences'> | null;
}

/** An asset of which an account has less than its sessions hold together. */
export interface AssetDifference {
  readonly asset: string;
  /** What the sessions hold together. */
  readonly expected: Decimal;
  /** What the account has, without what open orders by hand hold back. */
  readonly actual: Decimal;
  readonly missing: Decimal;
  /** What the venue may have rounded away of the trades in their books; absent in answers that were stored before it was told. */
  readonly tolerance?: Decimal;
  readonly cause: MoveCause | 'unknown';
  /** A sentence for a person. */
  readonly detail: string;
  /** Sessions that hold the asset: nobody can say whose is missing, and none of them may open positions. */
  readonly sessions: readonly string[];
  /** The question before has found it as well: it was no trade on its way into the books. */
  readonly confirmed: boolean;
}

/** Something that others did to the account and that harms no session, or explains a difference. */
export interface RecognisedMove {
  readonly asset: string;
  /** Positive for what came. */
  readonly amount: Decimal;
  readonly cause: MoveCause;
}

export interface SessionsReconciliation {
  /** `suspect`: something is missing that was not at the question before; ask again before anybody is alarmed. */
  readonly status: 'ok' | 'suspect' | 'differs';
  readonly differences: readonly AssetDifference[];
  readonly recognised: readonly RecognisedMove[];
  /** Sessions whose entries have to be blocked, sorted. */
  readonly blocked: readonly string[];
  /** Assets that could not be judged because a session was trading them meanwhile, sorted. */
  readonly undecided: readonly string[];
}

/** Balances are read a while before they are written down. */
const READING_MS = 5_000;
/** What a venue may round each trade's amounts by. */
const ROUNDING_PER_TRADE = new Big('0.00000001');

/**
 * Holds the sessions of an account against what it has. Of no asset may it have less than its sessions hold together by their books, positions and
 * cash; more is somebody else's and never blocks anything. What is missing blocks the entries of all sessions that hold the asset, once two
 * questions one after the other have found it: a trade that is in the balances and on its way into the books looks the same to one.
 */
export function reconcileSessions(question: SessionsQuestion): SessionsReconciliation {
  const moved = movedAmounts(question.moves);
  const undecided = movingAssets(question);
  const differences = assetsHeld(question.sessions)
    .filter((asset) => !undecided.includes(asset))
    .flatMap((asset) => differenceOf(asset, question, moved) ?? []);
  const confirmed = differences.filter((difference) => difference.confirmed);
  return {
    status: confirmed.length > 0 ? 'differs' : differences.length > 0 ? 'suspect' : 'ok',
    differences,
    recognised: recognisedMoves(moved),
    blocked: [...new Set(confirmed.flatMap(({ sessions }) => sessions))].toSorted(),
    undecided,
  };
}

function heldOf({ positions, quote, cash }: SessionHoldings, asset: string): Big {
  const units = new Big(positions[asset] ?? '0');
  return asset === quote ? units.plus(new Big(cash)) : units;
}

function assetsHeld(sessions: readonly SessionHoldings[]): readonly string[] {
  const assets = new Set(sessions.flatMap(({ positions, quote }) => [quote, ...Object.keys(positions)]));
  return [...assets].toSorted();
}

/** Assets of sessions that traded, or may have traded, after the balances were read. */
function movingAssets({ sessions, balancesAt }: SessionsQuestion): readonly string[] {
  return assetsHeld(
    sessions.filter(
      ({ settled, changedAt }) => !settled || (changedAt !== null && changedAt > balancesAt - READING_MS),
    ),
  );
}

function differenceOf(asset: string, question: SessionsQuestion, moved: MovedAmounts): AssetDifference | null {
  const holders = question.sessions.filter((session) => heldOf(session, asset).gt(0));
  const expected = holders.reduce((sum, session) => sum.plus(heldOf(session, asset)), new Big(0));
  const heldBack = moved.heldBack.get(asset) ?? new Big(0);
  const actual = new Big(question.balances[asset] ?? '0').minus(heldBack);
  const missing = expected.minus(actual);
  const tolerance = ROUNDING_PER_TRADE.times(holders.reduce((sum, { trades }) => sum + trades, 0));
  if (!missing.gt(tolerance)) return null;
  const { cause, told } = causeOf(asset, missing.minus(tolerance), moved);
  const sessions = holders.map(({ sessionId }) => sessionId).toSorted();
  const who = sessions.length === 1 ? `session ${sessions[0]!} holds` : `sessions ${sessions.join(', ')} hold together`;
  return {
    asset,
    expected: toText(expected),
    actual: toText(actual),
    missing: toText(missing),
    tolerance: toText(tolerance),
    cause,
    detail: `${who} ${toText(expected)} ${asset} and the account has ${toText(actual)}: ${toText(missing)} are missing; ${told}`,
    sessions,
    confirmed: question.before?.differences.some((difference) => difference.asset === asset) ?? false,
  };
}

/** What came and went by other hands, by asset. */
function recognisedMoves({ byHand, byTransfer }: MovedAmounts): readonly RecognisedMove[] {
  const moves: RecognisedMove[] = [];
  for (const [asset, amount] of byHand) {
    if (!amount.eq(0)) moves.push({ asset, amount: toText(amount), cause: 'hand-trade' });
  }
  for (const [asset, amount] of byTransfer) {
    if (!amount.eq(0)) moves.push({ asset, amount: toText(amount), cause: amount.gt(0) ? 'deposit' : 'withdrawal' });
  }
  return moves.toSorted((a, b) => (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : a.cause < b.cause ? -1 : 1));
}
