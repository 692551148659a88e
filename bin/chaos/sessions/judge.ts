import type { DurationMs } from '../../../domain/market/decimal.ts';
import { timeframeMs } from '../../../domain/market/timeframe.ts';
import { stackOf } from '../../terminal/running-stack.ts';
import { readLedger } from '../../terminal/verification.ts';
import { venueOf } from '../../stack/venue-admin.ts';
import type { Finding } from '../judge.ts';
import { patiently } from '../strikes.ts';
import { missedBars, unfinishedCandles } from './bars.ts';
import type { SessionEvidence, Standing } from './evidence.ts';
import { finishedCloses } from './finished-candles.ts';
import { doubledPositions } from './holdings.ts';
import type { Interval } from './interval.ts';
import { type Gap, gapsOf, unprotectedFindings } from './protection.ts';
import { SESSION_TIMEFRAME } from './plan.ts';
import { evidenceOf, readAccount, type SessionAccount, standingOf, type WitnessLedger } from './read-evidence.ts';
import { readSession, type RunningSession, stopSession, untilSo } from './start-sessions.ts';

/** What an undisturbed session has to come to rest, and then to sell what it holds. */
const WITHIN_MS: DurationMs = 90_000;
/** A session whose last bar is older has bars to catch up with. */
const CAUGHT_UP_BARS = 3;
const TRIES = 20;

/** What one session came to. */
export interface SessionJudgement {
  readonly bars: number;
  readonly trades: number;
  readonly decisions: number;
  readonly gaps: readonly Gap[];
  readonly executions: SessionAccount['executions'];
  readonly findings: readonly Finding[];
}

/** Lets a session come to rest, ends it, and holds it against its exchange's ledger and candles. */
export async function endAndJudge(
  home: string,
  session: RunningSession,
  down: readonly Interval[],
): Promise<SessionJudgement> {
  const rested = await comeToRest(home, session);
  const standing = await standingNow(home, session, 'before it was stopped');
  await stopSession(home, session.id);
  const stopped = await untilSo(home, session.id, ({ status }) => status === 'stopped', WITHIN_MS);
  const account = await readAccount(home, session);
  const ledger = await witness(home, session);
  const standings = [...(standing === null ? [] : [standing]), standingOf('after its end', account, ledger)];
  const evidence = evidenceOf(session, account, ledger, standings, Date.now());
  const gaps = gapsOf(evidence, down);
  const notStopped = stopped.isSo
    ? []
    : [unfinished(evidence, `it was ${stopped.view.status} long after it was told to stop`)];
  const neverRested = standing === null ? [unfinished(evidence, 'its orders never came to rest')] : [];
  return {
    bars: account.view.bars,
    trades: account.closedTrades,
    decisions: account.decisions.length,
    gaps,
    executions: account.executions,
    findings: [
      ...rested.map((detail) => unfinished(evidence, detail)),
      ...neverRested,
      ...notStopped,
      ...doubledPositions(evidence),
      ...unprotectedFindings(evidence, gaps),
      ...missedBars(evidence),
      ...unfinishedCandles(evidence, await closesFor(home, session, evidence)),
    ],
  };
}

/** What keeps an undisturbed session from trading on, in words. */
async function comeToRest(home: string, { id }: RunningSession): Promise<readonly string[]> {
  const { view, isSo } = await untilSo(home, id, (now) => now.settled && isCaughtUp(now.nextBarClosesAt), WITHIN_MS);
  const problems: string[] = [];
  if (view.status !== 'running')
    problems.push(`it is ${view.status}${view.problem === null ? '' : `: ${view.problem.detail}`}`);
  if (view.block !== null)
    problems.push(`its entries are blocked (${view.block.reason}): ${view.block.problem.detail}`);
  if (!isSo) problems.push(`it is ${view.settled ? '' : 'not '}settled and its last bar is ${view.lastBar}`);
  return problems;
}

function isCaughtUp(nextBarClosesAt: string): boolean {
  return Date.now() - Date.parse(nextBarClosesAt) < CAUGHT_UP_BARS * timeframeMs(SESSION_TIMEFRAME);
}

/** What it holds by both sides at a time when nothing of it traded; `null` when there was no such time. */
async function standingNow(home: string, session: RunningSession, when: string): Promise<Standing | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const account = await readAccount(home, session);
    const ledger = await witness(home, session);
    const after = await readSession(home, session.id);
    if (account.view.settled && after.settled && after.fillsTaken === account.view.fillsTaken)
      return standingOf(when, account, ledger);
  }
  return null;
}

async function witness(home: string, { market }: RunningSession): Promise<WitnessLedger> {
  return patiently(async () => (await readLedger(stackOf(home), market.venue)) as unknown as WitnessLedger);
}

function closesFor(
  home: string,
  { market }: RunningSession,
  { startBar, lastBar, barMs }: SessionEvidence,
): Promise<ReadonlyMap<number, number>> {
  const venue = venueOf(stackOf(home), market.venue);
  return finishedCloses(venue, market.symbol, { from: startBar, until: lastBar ?? startBar, barMs });
}

function unfinished({ sessionId, name }: SessionEvidence, detail: string): Finding {
  return { executionId: sessionId, kind: 'unfinished', detail: `${name}: ${detail}` };
}
