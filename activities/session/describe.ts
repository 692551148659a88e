import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { strategyName } from '../../domain/backtest/spec/spec.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionGlance } from '../../domain/session/commands.ts';
import type { Decision } from '../../domain/session/decision.ts';

/** Digits of an amount that people read. */
const DIGITS = 8;

/** How a session stands, for its workflow and for people who read the Temporal UI. */
export function glanceOf(record: SessionRecord, openOrders: number, decisions: readonly Decision[]): SessionGlance {
  const { status, lastBar, bars, problem, version } = record;
  return {
    status,
    lastBar,
    bars,
    facts: factsOf(record, openOrders, decisions),
    problem: problem === null ? null : `${problem.code}: ${problem.detail}`,
    version,
  };
}

/** Also what a session shows before its first bar. */
export function factsOf(
  { spec, params, quote, base, books, block, lastBar, bars, watched }: SessionRecord,
  openOrders: number,
  decisions: readonly Decision[],
): SessionGlance['facts'] {
  const { name, venue, symbols, timeframe, strategy } = spec;
  const prices = watched.filter((order) => order.held === 'session').length;
  const held = (books?.positions ?? []).filter(({ units }) => units !== 0);
  return [
    ['session', name],
    ['strategy', `${strategyName(strategy)} (${told(params)})`],
    ['market', `${symbols.join(', ')} on ${venue}, ${timeframe} bars`],
    [
      'position',
      held.length === 0
        ? 'none'
        : held
            .map(({ symbol, units, stopLoss }) => {
              const stop = stopLoss === null ? '' : `, stop ${number(stopLoss)}`;
              return `${number(units)} ${base[symbol] ?? symbol}${stop}`;
            })
            .join('; '),
    ],
    ['equity', `${number(books?.equity ?? Number(spec.capital))} ${quote}`],
    ['last bar', lastBar === null ? 'none yet' : `${time(lastBar)} (${bars} in all)`],
    ['next bar', lastBar === null ? 'the first' : `closes ${time(lastBar + 2 * timeframeMs(timeframe))}`],
    ['open orders', `${openOrders}${prices === 0 ? '' : `, and ${prices} prices watched`}`],
    ['last decision', decisions.flatMap(decisionText).join('; ') || 'nothing to do'],
    ['entries', block === null ? 'open' : `blocked: ${block.problem.code}: ${block.problem.detail}`],
    ...otherFees(books),
  ];
}

/** Only where there are any: they are in none of the amounts. */
function otherFees(books: SessionRecord['books']): SessionGlance['facts'] {
  const fees = Object.entries(books?.otherFees ?? {});
  return fees.length === 0 ? [] : [['fees beside the books', fees.map(([asset, fee]) => `${fee} ${asset}`).join(', ')]];
}

function decisionText({ symbol, bar, signals }: Decision): readonly string[] {
  return signals.map(
    ({ action, outcome, reason }) =>
      `${time(bar)} ${action} ${symbol} ${outcome}${reason === null ? '' : ` (${reason})`}`,
  );
}

function told(params: Readonly<Record<string, number>>): string {
  const all = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return all.length === 0 ? 'no parameters' : all.join(', ');
}

function number(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

function time(at: EpochMs): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}
