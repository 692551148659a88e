// Runs the cases that fuzz_backtesting_py.py wrote through the event engine and demands equal trades and equity.
//   node bench/peers/fuzz-backtesting-py.mjs cases.ndjson
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { runBacktest } from '../../dist/domain/backtest/engine/run-backtest.js';
import { DEFAULT_BROKER } from '../../dist/domain/backtest/settings.js';
import { allocateCandles } from '../../dist/domain/market/candles.js';

const DAY_MS = 86_400_000;
const TOLERANCE = 1e-9;
const counts = {
  cases: 0,
  equal: 0,
  equalAsIs: 0,
  equalUntil: 0,
  different: 0,
  refusedByPeer: 0,
  trades: 0,
  ruined: 0,
  openTrades: 0,
  byKind: {},
};

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const theirs = JSON.parse(line);
  counts.cases += 1;
  if (theirs.failed !== undefined) {
    // Its own assertions broke: there is nothing to compare with.
    counts.refusedByPeer += 1;
    continue;
  }
  const ours = run(theirs);
  const difference = compare(theirs, ours);
  for (const op of Object.values(theirs.script).flat()) {
    const kind = op.op + (op.stop === undefined ? '' : '-stop') + (op.limit === undefined ? '' : '-limit');
    counts.byKind[kind] = (counts.byKind[kind] ?? 0) + 1;
  }
  if (ours.ruined) counts.ruined += 1;
  if (difference === null) {
    counts.equal += 1;
    if (theirs.until !== null) counts.equalUntil += 1;
    else if (theirs.asIs) counts.equalAsIs += 1;
  } else {
    counts.different += 1;
    if (counts.different <= 10) process.stderr.write(`seed ${theirs.seed}: ${difference}\n`);
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exitCode = counts.different === 0 ? 0 : 1;

function run({ settings, bars, script }) {
  const candles = allocateCandles('X', '1d', bars.length);
  bars.forEach(([open, high, low, close], i) => {
    candles.time[i] = Date.UTC(2020, 0, 1) + i * DAY_MS;
    candles.open[i] = open;
    candles.high[i] = high;
    candles.low[i] = low;
    candles.close[i] = close;
  });
  const { cash, margin, spread, rate, fixed, toc, exclusive, finalize } = settings;
  return runBacktest({
    markets: [candles],
    params: {},
    sizing: { kind: 'cashShare', value: 1 - 2 ** -52 },
    broker: {
      ...DEFAULT_BROKER,
      cash,
      margin,
      spread,
      commission: { maker: rate, taker: rate, fixed },
      fill: toc ? 'close' : 'next-open',
      wholeUnits: true,
      exclusive,
      finalize,
    },
    strategy: {
      id: 'scripted',
      title: 'Scripted',
      params: [],
      prepare: () => (context) => {
        for (const op of script[context.bar.index] ?? []) give(context, op);
      },
    },
  });
}

function give(context, op) {
  if (op.op === 'close') context.close(op.share);
  else if (op.op === 'cancel') context.cancelOrders();
  else if (op.op === 'protect') context.protect({ stopLoss: op.sl, takeProfit: op.tp });
  else {
    context[op.op]({
      ...(op.size === undefined ? {} : { size: op.size < 1 ? { kind: 'cashShare', value: op.size } : op.size }),
      ...(op.limit === undefined ? {} : { limit: op.limit }),
      ...(op.stop === undefined ? {} : { stop: op.stop }),
      ...(op.sl === undefined ? {} : { stopLoss: op.sl }),
      ...(op.tp === undefined ? {} : { takeProfit: op.tp }),
    });
  }
}

function compare(theirs, ours) {
  const { settings } = theirs;
  // Where the peer fills out of time, only what came before can be compared. A fill at the close is one of the bar before.
  const isPart = theirs.until !== null;
  const end = isPart ? theirs.until - (settings.toc ? 1 : 0) : Number.POSITIVE_INFINITY;
  // At ruin the peer closes only every second of the open trades; the rest is equal.
  const ruin = ours.trades.findIndex(({ exitReason }) => exitReason === 'ruin');
  const known = (trades) => (ruin < 0 ? trades : trades.slice(0, ruin)).filter(({ exitBar }) => exitBar < end);
  const expected = known(theirs.trades);
  const actual = known(ours.trades);
  counts.trades += expected.length;
  if (expected.length !== actual.length) return `${expected.length} trades, ours ${actual.length}`;
  for (const [i, trade] of expected.entries()) {
    const own = actual[i];
    for (const field of ['size', 'entryBar', 'exitBar', 'entryPrice', 'exitPrice', 'sl', 'tp', 'pnl', 'commission']) {
      // The peer drops the exits of a trade's part that is closed early, and charges each part the whole fixed fee on paper.
      if ((field === 'sl' || field === 'tp') && trade.sl === null && trade.tp === null) continue;
      if ((field === 'pnl' || field === 'commission') && settings.fixed > 0) continue;
      if (!isClose(trade[field], own[field])) {
        return `trade ${i} ${field}: ${trade[field]}, ours ${own[field]} ${JSON.stringify(trade)} ours ${JSON.stringify(own)}`;
      }
    }
  }
  if (!ours.ruined && !isPart) {
    counts.openTrades += theirs.open.length;
    if (theirs.open.length !== ours.openTrades.length)
      return `${theirs.open.length} open trades, ours ${ours.openTrades.length}`;
    for (const [i, [size, bar, price]] of theirs.open.entries()) {
      const own = ours.openTrades[i];
      if (own.size !== size || own.entryBar !== bar || !isClose(price, own.entryPrice)) return `open trade ${i}`;
    }
  }
  // A fill at the close shows in our curve at that close, in the peer's one bar later; the end is the same.
  const from = settings.toc ? theirs.equity.length - 1 : 0;
  for (let i = from; i < Math.min(theirs.equity.length, end); i += 1) {
    if (!isClose(theirs.equity[i], ours.equity[i])) return `equity ${i}: ${theirs.equity[i]}, ours ${ours.equity[i]}`;
  }
  return null;
}

function isClose(a, b) {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
}
