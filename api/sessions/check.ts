import { isAbsolute } from 'node:path';
import type { VenueEntry } from '../../adapters/ports/order-ledger.ts';
import type { StrategyFacts } from '../../adapters/ports/strategy-inspector.ts';
import { usesRealMoney } from '../../adapters/venues/real-money.ts';
import { BacktestFailure } from '../../domain/backtest/failure.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import { parseSessionSpec } from '../../domain/session/parse-spec.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { problemOf } from '../backtests/accept.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import {
  accountLine,
  balanceLine,
  cashLine,
  freshFacts,
  keyLines,
  limitsLine,
  type RunningSession,
  stale,
} from './check-account.ts';
import { type CheckLine, fine, open, wrong, wrongBy } from './check-line.ts';
import { candlesLine, type SessionBars, sizeLine } from './check-market.ts';
import { stopsLine } from './check-stops.ts';

export type CheckDependencies = Pick<
  ApiDependencies,
  'venues' | 'market' | 'strategyInspector' | 'accountFacts' | 'sessionReader' | 'limits' | 'halts' | 'clock'
>;

/** What was found about a session that is asked for, or that runs. */
export interface SessionCheck {
  readonly label: 'paper' | 'live';
  /** Real money: it starts only when somebody has said so. */
  readonly needsConfirmation: boolean;
  readonly lines: readonly CheckLine[];
  /** What a session would be made of; `null` where a problem stands in the way of knowing it. */
  readonly made: MadeOf | null;
}

export interface MadeOf extends SessionBars {
  /** With the strategy's parameters complete. */
  readonly spec: SessionSpec;
  readonly strategyHash: string | null;
  readonly strategyParts?: NonNullable<StrategyFacts['parts']>;
  readonly neededBars: number;
  readonly base: Readonly<Record<string, string>>;
  readonly quote: string;
  /** Whether the venue keeps stop orders. */
  readonly restsStops: boolean;
}

/** Reads a spec. Throws `INVALID_SESSION` with every field that cannot be used. */
export function parseSession(body: unknown): SessionSpec {
  const parsed = parseSessionSpec(body, strategies);
  if (!parsed.ok) throw fieldsProblem('INVALID_SESSION', parsed.problems);
  const { strategy } = parsed.spec;
  if ('file' in strategy && !isAbsolute(strategy.file)) {
    const message = 'give an absolute path on the machine of the platform';
    throw fieldsProblem('INVALID_SESSION', [{ field: 'strategy.file', value: strategy.file, message }]);
  }
  return parsed.spec;
}

/**
 * Looks at everything that can be looked at before a session starts; nothing is stored. What is wrong is in the lines.
 *
 * @param running the session itself where it runs already: its cash is its own, and what else it began with is in its positions
 */
export async function checkSession(
  deps: CheckDependencies,
  spec: SessionSpec,
  running: RunningSession | null = null,
): Promise<SessionCheck> {
  const entry = await venueOf(deps, spec.venue);
  const { label } = entry.profile;
  const [listed, strategy] = await Promise.all([symbolsOf(deps, spec), strategyOf(deps, spec)]);
  const market = deps.market(spec.venue);
  const facts = freshFacts(await deps.accountFacts.findFacts(spec.venue));
  const lines: CheckLine[] = [accountLine(entry), listed.line, strategy.line];
  let bars: SessionBars | null = null;
  const quote = listed.instruments?.[0]?.quote ?? null;
  if (listed.instruments !== null && market !== undefined) {
    if (strategy.facts !== null) {
      const venueNow = deps.clock.now() + (facts?.clockOffsetMs ?? 0);
      const reach = await candlesLine(
        spec,
        strategy.facts.neededBars,
        market,
        entry.profile.marketTime ?? 'wall',
        venueNow,
      );
      lines.push(reach.line);
      ({ bars } = reach);
    }
    lines.push(await sizeLine(spec, listed.instruments, market));
    lines.push(await stopsLine(spec, running?.id ?? null, market, deps.sessionReader));
  }
  if (market === undefined) lines.push(unreadable(spec.venue));
  if (quote !== null) {
    const funds = await deps.sessionReader.funds(spec.venue, quote, running?.id ?? null);
    if (facts === null || funds === null) lines.push(stale('balance', spec.venue));
    else lines.push(running === null ? balanceLine(spec, quote, funds) : cashLine(running, quote, funds));
  }
  lines.push(...keyLines(spec.venue, facts));
  if (quote !== null) {
    const limits = (await deps.limits.listLimits(deps.clock.now())).find(({ venue }) => venue === spec.venue);
    lines.push(limitsLine(spec, quote, limits?.limits ?? null));
  }
  lines.push(await haltsLine(deps, spec));
  const made = madeOf(spec, listed.instruments, strategy.facts, bars, market?.hasStopOrders ?? false);
  return { label, needsConfirmation: usesRealMoney(entry.profile), lines, made };
}

function madeOf(
  spec: SessionSpec,
  instruments: readonly Instrument[] | null,
  facts: StrategyFacts | null,
  bars: SessionBars | null,
  restsStops: boolean,
): MadeOf | null {
  const quote = instruments?.[0]?.quote;
  if (instruments === null || quote === undefined || facts === null || bars === null) return null;
  const { hash, parts, params, neededBars } = facts;
  return {
    ...bars,
    spec: { ...spec, strategy: { ...spec.strategy, params } },
    strategyHash: hash,
    ...(parts === undefined ? {} : { strategyParts: parts }),
    neededBars,
    base: Object.fromEntries(instruments.map(({ symbol, base }) => [symbol, base])),
    quote,
    restsStops,
  };
}

/** Throws `UNKNOWN_VENUE`: without an account there is nothing to look at. */
async function venueOf({ venues }: CheckDependencies, id: string): Promise<VenueEntry> {
  const entries = await venues.listVenues();
  const entry = entries.find(({ profile }) => profile.id === id);
  if (entry !== undefined) return entry;
  const known = entries.map(({ profile }) => profile.id);
  throw fieldsProblem('UNKNOWN_VENUE', [
    { field: 'venue', value: id, message: `no such venue; ${suggestion(id, known)}` },
  ]);
}

async function symbolsOf(
  { venues }: CheckDependencies,
  { venue, symbols }: SessionSpec,
): Promise<{ readonly line: CheckLine; readonly instruments: readonly Instrument[] | null }> {
  const listed = await venues.listInstruments(venue);
  const instruments = symbols.map((symbol) => listed.find((each) => each.symbol === symbol));
  const unknown = symbols.flatMap((symbol, i) => (instruments[i] === undefined ? [{ symbol, i }] : []));
  if (unknown.length > 0) {
    const all = listed.map(({ symbol }) => symbol);
    const errors = unknown.map(({ symbol, i }) => ({
      field: `symbols.${i}`,
      value: symbol,
      message: `venue ${venue} does not trade it; ${suggestion(symbol, all)}`,
    }));
    return { line: wrongBy('symbols', fieldsProblem('UNKNOWN_SYMBOL', errors)), instruments: null };
  }
  const found = instruments.filter((each) => each !== undefined);
  const other = found.find(({ quote }) => quote !== found[0]!.quote);
  if (other !== undefined) {
    const message = `${other.symbol} is settled in ${other.quote} and ${found[0]!.symbol} in ${found[0]!.quote}: give symbols of one quote`;
    const errors = [{ field: 'symbols', value: other.symbol, message }];
    return { line: wrong('symbols', 'INVALID_SESSION', message, errors), instruments: null };
  }
  return { line: fine('symbols', `venue ${venue} trades ${symbols.join(', ')}`), instruments: found };
}

async function strategyOf(
  { strategyInspector }: CheckDependencies,
  { strategy, sizing, timeframe }: SessionSpec,
): Promise<{ readonly line: CheckLine; readonly facts: StrategyFacts | null }> {
  try {
    const facts = await strategyInspector.inspect({ strategy, sizing, timeframe });
    const { title, neededBars } = facts;
    return { line: fine('strategy', `"${title}" can be used, and needs ${neededBars} bars before its first`), facts };
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    return { line: wrongBy('strategy', strategyProblem(error)), facts: null };
  }
}

/** What the API answers to a strategy that a session cannot use. */
export function strategyProblem(failure: BacktestFailure): Problem {
  if (failure.problem.code !== 'INVALID_SPEC') return problemOf(failure);
  return new Problem('INVALID_SESSION', failure.problem.detail, failure.problem.errors);
}

function unreadable(venue: string): CheckLine {
  const message = `the API has no connection to venue ${venue}: restart the stack, so that it reads the accounts file again`;
  return wrong('candles', 'VENUE_UNREACHABLE', message, [{ field: 'venue', value: venue, message }]);
}

/** A halt stops orders, not sessions: one that starts under it opens nothing until it is lifted. */
async function haltsLine({ halts }: CheckDependencies, { venue, symbols }: SessionSpec): Promise<CheckLine> {
  const { items } = await halts.listHalts({ activeOnly: true, limit: 100 });
  const covering = items.filter(
    ({ scope, target }) =>
      scope === 'all' || (scope === 'venue' ? target === venue : target !== null && symbols.includes(target)),
  );
  if (covering.length === 0) return fine('halts', 'no halt is in force');
  const told = covering.map(({ scope, target, reason }) => `${target ?? scope} (${reason})`).join(', ');
  return open('halts', 'warning', `halted: ${told}. Its orders are refused until that is lifted`);
}
