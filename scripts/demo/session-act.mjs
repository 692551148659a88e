import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, startCommand } from './demo-stack.mjs';
import { SYMBOL } from './replayed-candles.mjs';
import { killWorkers, tellReturns } from './strikes.mjs';
import { chapter, tell } from './telling.mjs';
import { tradeTable } from './trade-table.mjs';

const VENUE = 'bars';
const CAPITAL = 10_000;
/** Value of a trade, as a share of the capital. */
const SHARE = 1 / 3;
const MIN_NOTIONAL = '5';
/** Fewer trades prove nothing. */
const LEAST_TRADES = 5;
/** Of all candles: from here on the workers die as soon as there is a position to protect. */
const KILL_AFTER = 0.3;
const POLL_MS = 100;
const TELL_EVERY_BARS = 50;
const START_WITHIN_MS = 60_000;

const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

/** The venue that replays the candles. Without fees: those of spot are taken from the coins, and a backtest sells what it bought. */
export function replayVenue({ source, isSynthetic, warmUpBars, tick, lot }) {
  return {
    id: VENUE,
    protocol: 'binance-spot',
    feed: { kind: 'candles', ...source, warmUpBars, ...(isSynthetic ? { synthetic: true } : {}) },
    markets: [{ symbol: SYMBOL, tick, lot, minNotional: MIN_NOTIONAL }],
    latencyMs: 0,
    makerBps: 0,
    takerBps: 0,
    balances: { USDT: '100000', BTC: '0' },
  };
}

/** A paper session on replayed candles whose workers die in the middle. Answers whether it is equal to its backtest and the exchange's ledger agrees. */
export async function sessionAct(stack, call, candles) {
  chapter(`A paper session on ${candles.title}, replayed as fast as it decides`);
  const spec = specOf(candles);
  const { id, workflowId } = await start(call, spec);
  tell(
    `${workflowId}: ${spec.strategy.id} of 3 and 10 bars, ${spec.sizing.value} units a trade, a stop at the exchange ${percent(candles.stopLoss)} below`,
  );
  const replay = startCommand(playing(stack, id, candles));
  const played = { isOver: false };
  const ended = replay.ended.finally(() => (played.isOver = true));
  // Awaited below; a failure must not end the process before.
  ended.catch(() => undefined);
  try {
    await follow(stack, call, id, candles, played);
    const { bars, msPerBar } = await ended;
    tell(`${bars} candles played, ${msPerBar.toFixed(0)} ms each`);
  } finally {
    replay.stop();
  }
  return prove(stack, call, id, spec, candles);
}

function playing({ home }, id, { bars }) {
  return ['sim', 'play', '--venue', VENUE, '--session', id, '--bars', String(bars), '--home', home];
}

const percent = (share) => `${Number((share * 100).toPrecision(3))} %`;

function specOf({ timeframe, lotDigits, price, stopLoss }) {
  return {
    name: 'demo',
    venue: VENUE,
    symbols: [SYMBOL],
    timeframe,
    strategy: { id: 'sma-cross', params: { fast: 3, slow: 10, stopLoss } },
    sizing: { kind: 'units', value: Number(((CAPITAL * SHARE) / price).toFixed(lotDigits)) },
    capital: String(CAPITAL),
    catchUp: 'replay',
  };
}

/** Starts the session as soon as its account is known, which takes some seconds after the start of a stack. */
async function start(call, spec) {
  const deadline = performance.now() + START_WITHIN_MS;
  for (;;) {
    try {
      return await call('POST', '/v1/sessions', spec);
    } catch (error) {
      if (error.code !== 'ACCOUNT_NOT_READY' || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}

/** Tells how the session goes while it is played; kills the workers once, when it holds something and its stop is at the exchange. */
async function follow(stack, call, id, { bars }, played) {
  let victims = null;
  let before = 0;
  while (!played.isOver) {
    const session = await call('GET', `/v1/sessions/${id}`);
    if (session.problem !== null)
      throw new Error(`the session says ${session.problem.code}: ${session.problem.detail}`);
    if (Math.floor(session.bars / TELL_EVERY_BARS) > Math.floor(before / TELL_EVERY_BARS)) tellStanding(session);
    before = session.bars;
    const position = session.positions.find(({ units }) => units > 0);
    const isProtected = position !== undefined && session.openOrders === 1 && session.settled;
    if (victims === null && session.bars >= bars * KILL_AFTER && isProtected) {
      tell(
        `${session.bars} candles: it holds ${position.units} bought at ${position.entryPrice}, its stop at ${position.stopLoss} rests at the exchange`,
      );
      victims = { all: killWorkers(stack.record()), bars: session.bars, isBack: false };
    } else if (victims !== null && !victims.isBack) {
      victims.all = tellReturns(stack.record(), victims.all);
      victims.isBack = victims.all.length === 0 && session.bars > victims.bars;
      if (victims.isBack) tell(`the session goes on: ${session.bars} candles decided`);
    }
    await delay(POLL_MS);
  }
  if (victims === null)
    throw new Error('it never held anything that had a stop: nothing was killed and nothing is proved');
}

function tellStanding({ bars, lastBar, equity, quote, label }) {
  tell(
    `${bars} candles decided, the last of ${lastBar.slice(0, 16)}Z; equity ${equity.toFixed(2)} ${quote} (${label})`,
  );
}

/** The backtest over the same candles, trade by trade, and the ledger of the exchange. */
async function prove(stack, call, id, spec, { source, tick, lot }) {
  const { startBar, lastBar } = await call('GET', `/v1/sessions/${id}`);
  chapter('The backtest of the same strategy over the same candles');
  const specFile = join(stack.home, 'demo-backtest.json');
  const instrument = { tick: Number(tick), lot: Number(lot), minNotional: Number(MIN_NOTIONAL) };
  writeFileSync(
    specFile,
    JSON.stringify({
      data: { ...source, symbol: SYMBOL },
      from: startBar,
      to: Date.parse(lastBar) + 1,
      strategy: spec.strategy,
      sizing: spec.sizing,
      broker: { cash: CAPITAL, direction: 'long', instruments: { [SYMBOL]: instrument } },
    }),
  );
  const backtest = await startCommand(['backtest', 'run', '--spec', specFile, '--home', stack.home]).ended;
  tell(`backtest ${backtest.id}: ${backtest.bars} candles, ${backtest.closedTrades} trades`);

  const { firstDifference } = await built('bin/replay/trade-parity.js');
  const { tableOf } = await built('bin/terminal/output.js');
  const own = (await call('GET', `/v1/sessions/${id}/trades?limit=1000`)).items.map(inMs);
  const other = (await call('GET', `/v1/backtests/${backtest.id}/trades?limit=1000`)).items.map(inMs);
  process.stdout.write(tradeTable(tableOf, own, other));
  const difference = firstDifference(own, other);
  if (difference === null) tell(`${own.length} trades of the session, ${other.length} of the backtest: the same`);
  else
    tell(
      `trade ${difference.trade + 1} differs: ${difference.field} ${difference.session}, backtest ${difference.backtest}`,
    );
  await command(['session', 'compare', id, '--home', stack.home]);

  chapter("The proof, from the exchange's own ledger");
  const exact = await verifyOrders(stack, call, id);
  if (own.length < LEAST_TRADES) tell(`${own.length} trades are too few to prove anything`);
  return exact && difference === null && own.length >= LEAST_TRADES;
}

const inMs = (trade) => ({ ...trade, entryTime: msOf(trade.entryTime), exitTime: msOf(trade.exitTime) });
const msOf = (time) => (typeof time === 'number' ? time : Date.parse(time));

/** Holds every order of the session against the ledger. */
async function verifyOrders(stack, call, id) {
  const { ApiClient, apiAddress } = await built('bin/terminal/client.js');
  const { verifyAtVenue } = await built('bin/terminal/verification.js');
  const client = new ApiClient(apiAddress(stack.home, {}));
  const { items } = await call('GET', `/v1/sessions/${id}/orders?limit=1000`);
  let exact = 0;
  for (const { executionId } of items) {
    const verification = await verifyAtVenue(client, stack.record(), executionId);
    if (verification.exact) exact += 1;
    else for (const finding of verification.details.findings) tell(`${executionId}: ${finding}`);
  }
  tell(`${exact} of ${items.length} orders: sent once, filled, booked and taken back as the exchange says`);
  return exact === items.length;
}
