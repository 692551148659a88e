import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { ComparedTrade } from '../../../domain/session/comparison/compared-trade.ts';
import type { Money, SessionComparison } from '../../../domain/session/comparison/compare-session.ts';
import { until } from '../../helpers/rig-until.ts';
import { startStack, type TestStack } from '../../helpers/stack.ts';
import { describeWithData, testData, testDataFolder } from '../../helpers/test-data.ts';

const START_MS = 180_000;
/** Some bars of five seconds for a trade; a busy machine gets time. */
const TRADE_MS = 300_000;
const BAR_MS = 5_000;
const CAPITAL = 5_000;
/** Closed trades after which a session is paused. */
const TRADES = 2;
/** Bars that it goes on being paused for, in which its backtest trades on. */
const BARS_PAUSED = 4;

const SIMULATED = {
  protocol: 'binance-spot',
  markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }],
  balances: { USDT: '100000', BTC: '0' },
};
const RECORDING = ['20240808', '20240809'].map((day) => `execution/binance-l2-20240808/spot_btcusdt_${day}.jsonl.gz`);
const VENUES = [
  { ...SIMULATED, id: 'synthetic', feed: { kind: 'synthetic', seed: 4 } },
  ...(testDataFolder() === null
    ? []
    : [{ ...SIMULATED, id: 'recorded', feed: { kind: 'recorded', files: RECORDING.map(testData), speed: 1 } }]),
];

interface LedgerFill {
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly feeAsset: string;
}

/** What is held against each other. */
interface Seen {
  readonly comparison: SessionComparison;
  readonly fills: readonly LedgerFill[];
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads fields and checks them
  readonly [list: string]: any;
}

let stack: TestStack;
const seen = new Map<string, Promise<Seen>>();

beforeAll(async () => {
  stack = await startStack({ venues: VENUES });
  // Side by side: what they take is time, not the processor.
  for (const { id } of VENUES) seen.set(id, trade(id));
  await Promise.allSettled(seen.values());
}, START_MS + TRADE_MS);
afterAll(() => stack?.stop(), START_MS);

/** Lets a session trade, pauses it while its backtest goes on, and compares the two. */
async function trade(venue: string): Promise<Seen> {
  const id = await started(venue);
  const path = `/v1/sessions/${id}`;
  const get = async (list: string) => (await stack.call('GET', `${path}${list}`)).body;
  await until(
    `${TRADES} trades on ${venue}`,
    async () => (await get('/trades')).items.length >= TRADES && true,
    TRADE_MS,
  );
  expect(await stack.call('POST', `${path}/pause`, { mode: 'flatten' })).toMatchObject({ status: 200 });
  const paused = await until('it to hold nothing', async () => {
    const { body } = await stack.call('GET', path);
    const isFlat = body.openOrders === 0 && body.settled && (await get('/positions')).items.every(isNothing);
    return isFlat ? body : null;
  });
  await until('bars to pass', async () => (await get('')).bars >= paused.bars + BARS_PAUSED, TRADE_MS);
  const comparison = await stack.call('POST', `${path}/comparison`, {});
  expect(comparison.status).toBe(200);
  const [orders, decisions] = await Promise.all([get('/orders?limit=1000'), get('/decisions?limit=1000')]);
  const { rest, admin } = stack.record().venues.find((each) => each.id === venue)!;
  const ledger = (await (await fetch(`${admin}/ledger`)).json()) as { readonly fills: readonly LedgerFill[] };
  const klines = `${rest}/api/v3/klines?symbol=BTCUSDT&interval=1s&limit=1000&startTime=${comparison.body.firstBar}`;
  const seconds = (await (await fetch(klines)).json()) as readonly (readonly [
    number,
    string,
    string,
    string,
    string,
  ])[];
  return {
    comparison: comparison.body,
    fills: ledger.fills,
    orders: orders.items,
    decisions: decisions.items,
    open: new Map(seconds.map(([time, open]) => [time, Number(open)])),
    close: new Map(seconds.map(([time, , , , close]) => [time, Number(close)])),
  };
}

const isNothing = ({ units }: { readonly units: number }): boolean => units === 0;

/** Starts a session once the venue has the bars of history that its averages need. */
async function started(venue: string): Promise<string> {
  const spec = {
    venue,
    symbols: ['BTC/USDT'],
    timeframe: '5s',
    strategy: { id: 'sma-cross', params: { fast: 2, slow: 3 } },
    sizing: { kind: 'cash', value: 1_000 },
    capital: String(CAPITAL),
    // However slow the machine is, every bar is decided.
    catchUp: 'replay',
  };
  return until(`a session on ${venue}`, async () => {
    const { status, body } = await stack.call('POST', '/v1/sessions', spec);
    return status === 201 && (body.id as string);
  });
}

function expectToSum({ session, backtest, difference, timing, price, size, missed }: Money): void {
  expect(new Big(session).minus(backtest).toFixed()).toBe(new Big(difference).toFixed());
  expect(new Big(timing).plus(price).plus(size).plus(missed).toFixed()).toBe(new Big(difference).toFixed());
}

function describeSession(venue: string): void {
  const of = () => seen.get(venue)!;

  it('decides what its backtest decides, on the candles of the venue', async () => {
    const { comparison, decisions, close } = await of();
    for (const decision of decisions) {
      // The last second of the bar, as the venue tells it to anybody.
      expect(decision.close).toBe(close.get(Date.parse(decision.bar) + BAR_MS - 1_000));
    }
    const { compared, equal, differences } = comparison.decisions;
    expect(compared).toBe(decisions.length);
    expect(equal).toBe(compared - differences.length);
    // Paused it did nothing, and an order that was still on its way at the next close is another position.
    expect(differences.filter(({ reason }) => reason !== 'PAUSED' && reason !== 'POSITION')).toEqual([]);
    expect(equal).toBeGreaterThan(2 * TRADES);
  });

  it('earned what the venue says', async () => {
    const { comparison, fills } = await of();
    // Fees of buys are taken from the coins that are bought.
    const earned = fills.reduce(
      (sum, { side, price, quantity, fee, feeAsset }) =>
        side === 'buy'
          ? sum.minus(new Big(price).times(quantity))
          : sum.plus(new Big(price).times(quantity)).minus(feeAsset === 'USDT' ? fee : 0),
      new Big(0),
    );
    expect(Number(comparison.totals.session)).toBeCloseTo(earned.toNumber(), 8);
  });

  it('is held against fills at the open, and against the mid when its orders were sent', async () => {
    const { comparison, orders, open } = await of();
    const mids = orders.map(({ decisionMid }: { decisionMid: string }) => Number(decisionMid));
    const marketEnds = ({ entry, exit, isOpen }: ComparedTrade) => (isOpen ? [entry] : [entry, exit]);
    expect(comparison.pairs.length).toBeGreaterThanOrEqual(TRADES);
    for (const { backtestTrade, sessionTrade } of comparison.pairs) {
      for (const { bar, price, reference } of marketEnds(backtestTrade))
        expect([Number(price), Number(reference)]).toEqual([open.get(bar), open.get(bar)]);
      for (const { reference } of marketEnds(sessionTrade)) expect(mids).toContain(Number(reference));
    }
  });

  it('differs by timing, price, size and missed trades, and by nothing else', async () => {
    const { comparison } = await of();
    const { pairs, missed, extra, totals } = comparison;
    const all: readonly Money[] = [...pairs, ...missed, ...extra];
    for (const money of [...all, totals]) expectToSum(money);
    for (const part of ['session', 'backtest', 'difference', 'timing', 'price', 'size', 'missed'] as const) {
      const sum = all.reduce((total, money) => total.plus(money[part]), new Big(0));
      expect(sum.toFixed()).toBe(new Big(totals[part]).toFixed());
    }
    expect(Object.keys(totals).toSorted()).toEqual([
      'backtest',
      'difference',
      'missed',
      'price',
      'session',
      'size',
      'timing',
    ]);
  });
}

describe('a session on made-up prices', () => {
  describeSession('synthetic');
});

describeWithData('a session on the recorded book of 2024-08-08/09', () => {
  describeSession('recorded');
});
