import type { SessionComparison } from '../../domain/session/comparison/compare-session.ts';
import { CandleVenue } from '../../bin/replay/candle-venue.ts';
import { play, type Played } from '../../bin/replay/play.ts';
import { sessionApi } from '../../bin/replay/session-view.ts';
import { venueOf as venueIn } from '../../bin/stack/venue-admin.ts';
import type { NamedStrategy } from '../../domain/backtest/spec/spec.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { WIDE_SETTINGS } from '../executions/bench-venue.ts';
import { describeMachine, type Machine } from '../machine.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { backtestTrades } from './backtest-trades.ts';
import { MONTH_BARS, type ReplayedBars, venueOf, withReplayedBars } from './replayed-bars.ts';
import { REPLAYED, sessionSpec, VENUE } from './replayed-sessions.ts';
import { startOnce } from './start-once.ts';
import { firstDifference, type ParityTrade, type TradeDifference } from '../../bin/replay/trade-parity.ts';

const PATIENCE_MS = 120_000;
const SAY_EVERY_MS = 15_000;

export interface ReplayOptions {
  /** Bars that are replayed, at most. */
  readonly bars: number;
  readonly dataFolder?: string;
  /** All of them unless given. */
  readonly strategies?: readonly NamedStrategy[];
  readonly say: (line: string) => void;
}

/** A session beside its backtest. */
export interface StrategyParity {
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
  /** Closed trades of the session. */
  readonly trades: number;
  readonly backtestTrades: number;
  /** How often each reason has ended a trade of the session. */
  readonly exits: Readonly<Record<string, number>>;
  readonly equal: boolean;
  readonly firstDifference: TradeDifference | null;
  /** What the comparison of the platform says: decisions that it compared and that were equal, and the difference in money. */
  readonly decisions: number;
  readonly equalDecisions: number;
  readonly difference: string;
}

export interface ReplayReport {
  readonly name: 'replay';
  readonly data: string;
  readonly bars: number;
  readonly elapsedMs: DurationMs;
  readonly msPerBar: number | null;
  /** Whether each session has the trades of its backtest. */
  readonly equal: boolean;
  readonly strategies: readonly StrategyParity[];
  readonly machine: Machine;
}

/**
 * Replays a month of bars to sessions of five strategies at once, on a stack of their own, and holds each against the backtest of its strategy over the same
 * file. Throws when a session fails or does not go on.
 */
export function benchReplay(options: ReplayOptions): Promise<ReplayReport> {
  const { say, strategies = REPLAYED } = options;
  const machine = describeMachine(null);
  return withReplayedBars(options.dataFolder, (bars) =>
    withStack({ venues: [venueOf(bars, strategies.length)], env: WIDE_SETTINGS }, say, async (stack) => {
      const started: Started[] = [];
      for (const strategy of strategies)
        started.push({ strategy, id: await startOnce(stack.client, sessionSpec(strategy)) });
      const played = await playAll(stack, started, options);
      const parities: StrategyParity[] = [];
      for (const session of started) parities.push(await parityOf(stack, session, bars, played));
      return {
        name: 'replay' as const,
        data: `${bars.data}; ${strategies.length} sessions at once`,
        bars: played.bars,
        elapsedMs: played.elapsedMs,
        msPerBar: played.bars === 0 ? null : played.elapsedMs / played.bars,
        equal: parities.every(({ equal }) => equal),
        strategies: parities,
        machine,
      };
    }),
  );
}

interface Started {
  readonly strategy: NamedStrategy;
  readonly id: string;
}

async function playAll(stack: BenchStack, started: readonly Started[], { bars, say }: ReplayOptions): Promise<Played> {
  let saidAt = Date.now();
  const began = Date.now();
  let count = 0;
  const played = await play({
    venue: new CandleVenue(venueIn(stack.record(), VENUE)),
    api: sessionApi(stack.client),
    sessions: started.map(({ id }) => id),
    bars: Math.min(bars, MONTH_BARS),
    speed: Number.POSITIVE_INFINITY,
    patienceMs: PATIENCE_MS,
    onBar: ({ time }) => {
      count += 1;
      if (Date.now() - saidAt < SAY_EVERY_MS) return;
      saidAt = Date.now();
      say(`${count} bars, ${new Date(time).toISOString()}, ${((saidAt - began) / count).toFixed(0)} ms a bar`);
    },
  });
  const failed = played.sessions.find(({ status }) => status !== 'running');
  if (failed !== undefined) {
    throw new Error(`the session ${failed.name} is ${failed.status}: ${failed.problem?.detail ?? 'without a problem'}`);
  }
  return played;
}

async function parityOf(
  { client }: BenchStack,
  { strategy, id }: Started,
  bars: ReplayedBars,
  { sessions }: Played,
): Promise<StrategyParity> {
  const { startBar, lastBar } = sessions.find((each) => each.id === id)!;
  if (startBar === null || lastBar === null) throw new Error(`the session ${strategy.id} has decided no bar`);
  const own = (await client.all<SessionTrade>(`/v1/sessions/${id}/trades`)).map(inMs);
  const backtest = await backtestTrades(strategy, bars, { from: Date.parse(startBar), to: Date.parse(lastBar) + 1 });
  const comparison = await client.postAndWait<SessionComparison>(`/v1/sessions/${id}/comparison`, {});
  const difference = firstDifference(own, backtest);
  return {
    strategy: strategy.id,
    params: strategy.params ?? {},
    trades: own.length,
    backtestTrades: backtest.length,
    exits: countsOf(own.map(({ exitReason }) => exitReason)),
    equal: difference === null,
    firstDifference: difference,
    decisions: comparison.decisions.compared,
    equalDecisions: comparison.decisions.equal,
    difference: comparison.totals.difference,
  };
}

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

type SessionTrade = Omit<Trade, 'entryTime' | 'exitTime'> & { readonly entryTime: string; readonly exitTime: string };

function inMs(trade: SessionTrade): ParityTrade {
  return { ...trade, entryTime: Date.parse(trade.entryTime), exitTime: Date.parse(trade.exitTime) };
}
