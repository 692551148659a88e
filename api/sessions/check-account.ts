import type { KnownAccountFacts } from '../../adapters/ports/account-facts.ts';
import type { VenueEntry } from '../../adapters/ports/order-ledger.ts';
import { fundsLeft, type SessionFunds } from '../../adapters/ports/session-funds.ts';
import type { VenueLimits } from '../../adapters/ports/venue-limits.ts';
import Big from 'big.js';
import { type Decimal, decimal, type DurationMs, toText } from '../../domain/market/decimal.ts';
import { reachesCollar } from '../../domain/execution/lasting-denial.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import { venueStatus } from '../venue-status.ts';
import { type CheckLine, fine, open, wrong } from './check-line.ts';
import { largestNotional } from './check-market.ts';

/** Facts are written every 30 s: three were missed. */
const FRESH_MS: DurationMs = 90_000;
/** Beyond this an order may be refused for its time, and bars would be taken for late. */
const CLOCK_WITHIN_MS = 1_000;

/** Whether somebody serves the account, and its venue answers. */
export function accountLine(entry: VenueEntry): CheckLine {
  const { id, label } = entry.profile;
  const status = venueStatus(entry);
  if (entry.owner?.held === true && (status === 'up' || status === 'degraded'))
    return fine('account', `${id} is a ${label} account, served by ${entry.owner.worker}, and its venue is ${status}`);
  const why = entry.owner?.held === true ? `its venue is ${status}` : 'no venue worker serves it';
  const message = `${id} cannot trade now, ${why}: look at GET /v1/venues/${id}, and start the session when it is up`;
  return wrong('account', 'ACCOUNT_NOT_READY', message, [{ field: 'venue', value: id, message }]);
}

/** Facts that are too old say nothing. */
export function freshFacts(facts: KnownAccountFacts | null): KnownAccountFacts | null {
  return facts !== null && facts.ageMs <= FRESH_MS ? facts : null;
}

/** What its key may do, and how its venue's clock runs. */
export function keyLines(venue: string, facts: KnownAccountFacts | null): readonly CheckLine[] {
  if (facts === null) return (['trade-permission', 'clock'] as const).map((check) => stale(check, venue));
  return [tradeLine(venue, facts), withdrawLine(facts), clockLine(venue, facts)];
}

/** The line of what is not known because the account has not been read lately. */
export function stale(check: 'trade-permission' | 'clock' | 'balance', venue: string): CheckLine {
  const message = `what account ${venue} holds and may do has not been read within ${FRESH_MS / 1_000} s: wait until its venue worker has read it, see GET /v1/venues/${venue}, and try again`;
  return wrong(check, 'ACCOUNT_NOT_READY', message, [{ field: 'venue', value: venue, message }]);
}

function tradeLine(venue: string, { canTrade }: KnownAccountFacts): CheckLine {
  if (canTrade === null)
    return open('trade-permission', 'unknown', 'the venue does not tell whether the key may trade');
  if (canTrade) return fine('trade-permission', 'the key may trade');
  const message = `the key of account ${venue} may not trade: give it the permission at the venue, or use another account`;
  return wrong('trade-permission', 'KEY_WITHOUT_PERMISSION', message, [{ field: 'venue', value: venue, message }]);
}

function withdrawLine({ canWithdraw }: KnownAccountFacts): CheckLine {
  if (canWithdraw === null)
    return open('withdraw-permission', 'unknown', 'the venue does not tell whether the key may withdraw');
  if (!canWithdraw) return fine('withdraw-permission', 'the key may not withdraw');
  return open(
    'withdraw-permission',
    'warning',
    'the key may withdraw, which trading never needs: whoever gets hold of it can empty the account. Take the permission away at the venue',
  );
}

function clockLine(venue: string, { clockOffsetMs }: KnownAccountFacts): CheckLine {
  if (clockOffsetMs === null) return stale('clock', venue);
  const offset = Math.round(clockOffsetMs);
  if (Math.abs(clockOffsetMs) <= CLOCK_WITHIN_MS)
    return fine('clock', `the venue's clock is ${offset} ms from ours, at most ${CLOCK_WITHIN_MS} are allowed`);
  const message = `the venue's clock is ${offset} ms from ours, more than ${CLOCK_WITHIN_MS}: set this machine's clock (NTP), then try again`;
  return wrong('clock', 'CLOCK_OFF', message, [{ field: 'venue', value: offset, message }]);
}

/** Whether what the account has of the quote currency is enough beside what its other sessions work with. */
export function balanceLine({ capital }: Pick<SessionSpec, 'capital'>, quote: string, funds: SessionFunds): CheckLine {
  const left = fundsLeft(funds);
  const told = toldFunds(quote, funds);
  if (left.gte(capital)) return fine('balance', `${told}; the session takes ${capital}`);
  const most = left.gt(0) ? toText(left.round(8, Big.roundDown)) : '0';
  const message = `${told}: give at most ${most}, or deposit ${quote}`;
  return wrong('balance', 'BALANCE_TOO_SMALL', `capital ${capital} is too much, ${message}`, [
    { field: 'capital', value: capital, message },
  ]);
}

/** A session that runs already. */
export interface RunningSession {
  readonly id: string;
  /** Quote currency in its books. */
  readonly cash: Decimal;
}

/** Whether the account still has the cash that the books of a running session hold. */
export function cashLine({ cash }: RunningSession, quote: string, funds: SessionFunds): CheckLine {
  const told = toldFunds(quote, funds);
  if (fundsLeft(funds).gte(cash)) return fine('balance', `${told}; the books of the session hold ${cash}`);
  const message = `${told}, and the books of the session hold ${cash}: look at its reconciliation`;
  return wrong('balance', 'BALANCE_TOO_SMALL', message, [{ field: 'cash', value: cash, message }]);
}

function toldFunds(quote: string, { usable, taken, sessions, hasLocked }: SessionFunds): string {
  const where = hasLocked ? 'are free or in buy orders of its sessions' : 'are free';
  const beside =
    sessions === 0
      ? ''
      : `, ${toText(decimal(taken).round(8))} of them the cash of ${sessions} other session${sessions === 1 ? '' : 's'}`;
  return `${usable} ${quote} ${where}${beside}`;
}

/** Whether the risk gate has limits for the account, and lets through what the session trades. */
export function limitsLine(spec: SessionSpec, quote: string, limits: VenueLimits | null): CheckLine {
  const { venue, symbols, orders } = spec;
  const refuse = (message: string): CheckLine =>
    wrong('limits', 'LIMITS_NOT_SET', message, [{ field: 'venue', value: venue, message }]);
  const how = 'set it for the venue worker, see docs/operations.md';
  if (limits === null)
    return refuse(`the risk limits of account ${venue} are not published yet: start its venue worker, then try again`);
  const missing = Object.entries(limits).filter(([, value]) => value === null);
  if (missing.length > 0)
    return refuse(`the risk gate of account ${venue} has no ${missing.map(([name]) => name).join(', ')}: ${how}`);
  if (limits.quoteRates?.[quote] === undefined)
    return refuse(`the risk gate of account ${venue} has no rate for ${quote}: ${how}`);
  const { allowedSymbols } = limits;
  const denied = Array.isArray(allowedSymbols) ? symbols.filter((symbol) => !allowedSymbols.includes(symbol)) : [];
  if (denied.length > 0) return refuse(`the risk gate of account ${venue} does not allow ${denied.join(', ')}: ${how}`);
  const beyond = beyondCollar(orders, limits.collarBps);
  if (beyond.length > 0)
    return wrong(
      'limits',
      'INVALID_SESSION',
      `the risk gate of account ${venue} would refuse its orders: ${beyond.map(({ field, message }) => `${field}, ${message}`).join('; ')}`,
      beyond,
    );
  return sizeLimitLine(spec, quote, limits);
}

/** Whether entries of the size that sizing and capital come to are below the gate's largest order; exits pass it. */
function sizeLimitLine({ sizing, capital }: SessionSpec, quote: string, limits: VenueLimits): CheckLine {
  const most = decimal(limits.maxOrderNotional ?? '0');
  const largest = largestNotional(sizing, capital).times(limits.quoteRates?.[quote] ?? 0);
  if (largest.lte(most))
    return fine('limits', `the risk gate allows orders of at most ${toText(most)} ${quote} at their rate`);
  const message = `an entry may be worth ${toText(largest)} at the rate of ${quote}, and the risk gate refuses what is above ${toText(most)}: give less, or raise TRADEWIND_MAX_ORDER_NOTIONAL`;
  // Of the others it is not known before they trade.
  const isCertain = sizing.kind === 'cash' || sizing.kind === 'cashShare' || sizing.kind === 'equityShare';
  if (!isCertain) return open('limits', 'warning', message);
  const error =
    sizing.kind === 'cash'
      ? { field: 'sizing.value', value: sizing.value, message }
      : { field: 'capital', value: capital, message };
  return wrong('limits', 'INVALID_SESSION', message, [error]);
}

/** Orders that may trade so far away that the gate's collar refuses each of them. */
function beyondCollar(orders: SessionSpec['orders'], collarBps: Decimal | null): readonly FieldProblem[] {
  if (collarBps === null) return [];
  return (['aggressionBps', 'stopSlippageBps'] as const)
    .filter((name) => reachesCollar(orders[name], collarBps))
    .map((name) => ({
      field: `orders.${name}`,
      value: orders[name],
      message: `${orders[name]} basis points reach the price collar of ${collarBps}: give less, or widen TRADEWIND_COLLAR_BPS`,
    }));
}
