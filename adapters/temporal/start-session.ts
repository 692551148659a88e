import type { Client } from '@temporalio/client';
import { strategyName } from '../../domain/backtest/spec/spec.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionGlance } from '../../domain/session/commands.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { SESSION_WORKFLOW, type SessionInput } from '../../workflows/session/messages.ts';
import type { SessionRecord } from '../ports/session-store.ts';
import { startOnce } from './start-once.ts';

/** Half of the default: so long a session stands still when its worker is killed in the middle of a workflow task, which takes milliseconds. */
const TASK_TIMEOUT = '5 seconds';

/** "sma-cross on BTC/USDT 15m at sim": what a person reads in a list of workflows. */
function summaryOf({ spec }: SessionRecord): string {
  const { name, strategy, symbols, timeframe, venue } = spec;
  const what = `${strategyName(strategy)} on ${symbols.join(', ')} ${timeframe} at ${venue}`;
  return name === '' ? what : `${name}: ${what}`;
}

function factsOf({ spec, params }: SessionRecord): SessionInput['facts'] {
  const { name, strategy, symbols, timeframe, venue } = spec;
  const told = Object.entries(params).map(([param, value]) => `${param} ${value}`);
  return [
    ['session', name],
    ['strategy', `${strategyName(strategy)} (${told.join(', ') || 'no parameters'})`],
    ['market', `${symbols.join(', ')} on ${venue}, ${timeframe} bars`],
  ];
}

function termsOf(record: SessionRecord): SessionInput['facts'] {
  const { spec, quote, startBar, owner } = record;
  return [
    ...factsOf(record),
    ['capital', `${spec.capital} ${quote}`],
    ['sizing', `${spec.sizing.kind} ${spec.sizing.value}`],
    ['hours', spec.hours.kind === 'calendar' ? spec.hours.calendar : spec.hours.kind],
    ['missed bars', spec.catchUp],
    ['first bar', new Date(startBar).toISOString()],
    ['started by', owner],
  ];
}

/** What the workflow of a session that has run before knows of it until its first step tells more. */
function glanceOf(record: SessionRecord): SessionGlance {
  const { status, lastBar, bars, version } = record;
  return { status, lastBar, bars, facts: factsOf(record), problem: null, version };
}

/**
 * Starts the workflow of an accepted session, as `startOnce` does.
 *
 * @param isRestart it has run before: it goes on as its record says, also where an earlier workflow of it has ended
 */
export async function startSession(client: Client, record: SessionRecord, isRestart = false): Promise<void> {
  const { id, workflowId, spec } = record;
  const input: SessionInput = {
    sessionId: id,
    barMs: timeframeMs(spec.timeframe),
    facts: factsOf(record),
    ...(isRestart ? { glance: glanceOf(record) } : {}),
  };
  await startOnce(client, SESSION_WORKFLOW, {
    workflowId,
    workflowTaskTimeout: TASK_TIMEOUT,
    input,
    summary: summaryOf(record),
    facts: termsOf(record),
    mayRunAgain: isRestart,
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'session' },
      { key: searchAttributes.strategy, value: strategyName(spec.strategy) },
      { key: searchAttributes.symbol, value: spec.symbols.join(' ') },
      { key: searchAttributes.venue, value: spec.venue },
      { key: searchAttributes.status, value: isRestart ? record.status : 'running' },
    ],
  });
}
