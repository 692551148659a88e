import { BAR_PHASES, type BarMarket, type BarPhase } from '../../domain/matching/bar-market/bar-market.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { ListedMarket } from '../exchange/listed-market.ts';
import { replayedMarket } from '../exchange/replayed-market.ts';
import { FieldError } from '../field-error.ts';
import type { Venue } from '../venue.ts';

const PHASES = [...BAR_PHASES, 'bar'] as const;

/** What a driver asks for: a phase of the next bar, or all of it at once. */
export interface ReleaseSpec {
  readonly phase: BarPhase | 'bar';
  /** The bar that the driver means; `null` for whichever is next. */
  readonly index: number | null;
}

/** The release does not follow what was released before; nothing has happened. */
export class ReleaseConflict extends Error {}

/** Reads a release from the body of a request. Throws `FieldError`. */
export function parseRelease(body: unknown): ReleaseSpec {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FieldError('body', body, 'send a JSON object with phase');
  }
  const { phase, index, ...others } = body as Readonly<Record<string, unknown>>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) throw new FieldError(stranger, others[stranger], 'the fields are phase, index');
  const known = PHASES.find((each) => each === phase);
  if (known === undefined) throw new FieldError('phase', phase, `use ${PHASES.join(', ')}`);
  if (index !== undefined && !(typeof index === 'number' && Number.isSafeInteger(index) && index >= 0)) {
    throw new FieldError('index', index, 'give the whole number of a bar, or leave it out for the next one');
  }
  return { phase: known, index: index ?? null };
}

/** The market of a venue that replays candles; `null` of every other venue. */
export function candleMarket(venue: Venue): ListedMarket<BarMarket> | null {
  const [only] = venue.markets;
  return only === undefined ? null : replayedMarket(only.listed);
}

/** Releases what the driver asks for, and tells what was released last. Throws `ReleaseConflict`. */
export function release(venue: Venue, listed: ListedMarket<BarMarket>, spec: ReleaseSpec, now: EpochMs): unknown {
  const { market } = listed;
  const { phase, index } = spec;
  if (market.next === null) throw new ReleaseConflict('no bar is left: all candles have been released');
  if (index !== null && index !== market.closed) {
    throw new ReleaseConflict(
      `the next bar is ${market.closed}, not ${index}: ask GET /admin/candles where the market stands`,
    );
  }
  if ((phase === 'bar' ? 'open' : phase) !== market.next) {
    throw new ReleaseConflict(`the next phase of bar ${market.closed} is ${market.next}, not ${phase}`);
  }
  for (const each of phase === 'bar' ? BAR_PHASES : [phase]) venue.exchange.release(listed, each, now);
  const { index: released } = market.position;
  return { bar: { index: released, time: market.bars.timeOf(released) }, phase, left: market.left };
}

/**
 * Where the market stands: what was released last, how many bars are still to close, and what a driver waits for: orders that are open, trades
 * so far.
 */
export function candlesDocument(venue: Venue, { market, listing }: ListedMarket<BarMarket>) {
  const { index, phase } = market.position;
  const { ledger } = venue.exchange;
  const { open, high, low } = market.shown(market.closed);
  return {
    index,
    time: market.bars.timeOf(index),
    phase,
    left: market.left,
    total: market.bars.length,
    symbol: listing.symbol,
    timeframe: market.bars.timeframe,
    /** When the last bar opened that has closed, and when the one opens that has begun. */
    closedAt: market.bars.timeOf(market.closed - 1),
    runningAt: market.bars.timeOf(market.closed),
    /** What is known of that one; `null` before its open. */
    running: phase === 'close' ? null : { open, high, low },
    openOrders: ledger.openOrders().length,
    trades: ledger.fills().length,
  };
}
