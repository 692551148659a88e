import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { Finding } from '../judge.ts';
import type { SessionEvidence } from './evidence.ts';

/** So many findings of a kind tell what is wrong; more are counted. */
const TOLD = 3;

/**
 * Bars of a session that nobody decided on, and those that were decided more than once: each from its first to its last is to be there, those that were
 * missed, paused or blocked as well, since they are on record as such.
 */
export function missedBars(evidence: SessionEvidence): readonly Finding[] {
  const { sessionId, name, barMs, startBar, lastBar, decisions } = evidence;
  const finding = (detail: string): Finding => ({
    executionId: sessionId,
    kind: 'bar-missed',
    detail: `${name}: ${detail}`,
  });
  if (lastBar === null) return [finding('it decided on no bar at all')];
  const times = new Map<EpochMs, number>();
  for (const { bar } of decisions) times.set(bar, (times.get(bar) ?? 0) + 1);
  const details: string[] = [];
  for (let bar = startBar; bar <= lastBar; bar += barMs) {
    const count = times.get(bar) ?? 0;
    times.delete(bar);
    if (count !== 1) details.push(`the bar of ${iso(bar)} was decided ${count === 0 ? 'never' : `${count} times`}`);
  }
  for (const bar of times.keys()) details.push(`there is no bar of ${iso(bar)} that it had to decide on`);
  return few(details).map(finding);
}

/**
 * Decisions on candles that were not finished: made before the candle's end, or on another close than the one that the exchange has for it.
 *
 * @param closes of the exchange's finished candles by their opening time
 */
export function unfinishedCandles(evidence: SessionEvidence, closes: ReadonlyMap<EpochMs, number>): readonly Finding[] {
  const { sessionId, name, barMs, decisions } = evidence;
  const details = decisions.flatMap(({ bar, close, decidedAt }) => {
    const finished = closes.get(bar);
    if (decidedAt < bar + barMs) return [`the bar of ${iso(bar)} was decided at ${iso(decidedAt)}, before its end`];
    if (finished === undefined) return [`the bar of ${iso(bar)} was decided, and the exchange has no candle of it`];
    if (finished === close) return [];
    return [`the bar of ${iso(bar)} was decided on a close of ${close}; the exchange's candle closed at ${finished}`];
  });
  return few(details).map((detail) => ({
    executionId: sessionId,
    kind: 'unfinished-candle',
    detail: `${name}: ${detail}`,
  }));
}

function few(details: readonly string[]): readonly string[] {
  if (details.length <= TOLD) return details;
  return [...details.slice(0, TOLD), `so it was with ${details.length - TOLD} bars more`];
}

const iso = (at: EpochMs): string => new Date(at).toISOString();
