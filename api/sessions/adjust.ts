import Big from 'big.js';
import type { SessionEntry } from '../../adapters/ports/session-reader.ts';
import { decimal, toText } from '../../domain/market/decimal.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import { isOver } from '../../domain/session/status.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem } from '../problems.ts';
import { ended, sessionOf } from './command.ts';

type Dependencies = Pick<ApiDependencies, 'sessionReader' | 'sessionAdjustments'>;

export interface AdjustBody {
  readonly symbol: string;
  /** Base; negative when the session holds less than its books say. */
  readonly quantity: string;
  readonly price?: string;
  readonly reason: string;
}

/**
 * Puts on record that the session holds so much more, or less, than its books say. What blocks its entries is lifted by a resume, not by this.
 * Throws `SESSION_ENDED`, and `INVALID_SESSION` for what its books cannot take.
 */
export async function adjustSession(
  deps: Dependencies,
  id: string,
  { symbol, quantity, price, reason }: AdjustBody,
  by: string,
): Promise<SessionEntry> {
  const entry = await sessionOf(deps, id);
  const { record, books } = entry;
  if (isOver(record.status)) throw ended(entry, 'adjust');
  const { symbols } = record.spec;
  const refuse = (field: string, value: unknown, message: string) =>
    fieldsProblem('INVALID_SESSION', [{ field, value, message }]);
  if (!symbols.includes(symbol))
    throw refuse('symbol', symbol, `the session does not trade it; ${suggestion(symbol, symbols)}`);
  const change = decimal(quantity);
  const position = books?.positions.find((each) => each.symbol === symbol);
  const held = new Big(position?.units ?? 0);
  if (change.eq(0)) throw refuse('quantity', quantity, 'give how much more it holds, or less with a minus sign');
  if (held.plus(change).lt(0))
    throw refuse('quantity', quantity, `by its books it holds ${toText(held)}: give at least ${toText(held.neg())}`);
  const mark = position?.mark ?? position?.entryPrice ?? null;
  const booked = price ?? (mark === null ? null : toText(new Big(mark)));
  if (booked === null)
    throw refuse('price', null, 'the session has no price of it yet: give the one that the change is to be booked at');
  if (decimal(booked).lte(0)) throw refuse('price', booked, 'give a price above 0');
  const event = { kind: 'adjusted', symbol, quantity: toText(change), price: toText(decimal(booked)), reason } as const;
  if (!(await deps.sessionAdjustments.adjust(id, event, by))) throw ended(await sessionOf(deps, id), 'adjust');
  return sessionOf(deps, id);
}
