import { type Figure, fromAtLeast, isDefined, quotient, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';
import { mean, momentsOf, standardDeviation } from './moments.ts';
import type { TradeTotals } from './trade-totals.ts';

const NO_TRADE = 'no trade was closed';
const NO_WIN = 'no trade won';
const NO_LOSS = 'no trade lost';

type Compute = (totals: TradeTotals) => Figure;

const perTrade =
  (total: (totals: TradeTotals) => number): Compute =>
  (totals) =>
    quotient(total(totals), totals.count, NO_TRADE);

const ofTrades =
  (figure: (totals: TradeTotals) => number): Compute =>
  (totals) =>
    totals.count === 0 ? undefinedBecause(NO_TRADE) : figure(totals);

const average = (values: Float64Array): number => mean(values);
const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), -Infinity);
const smallest = (values: Float64Array): number => values.reduce((least, value) => Math.min(least, value), Infinity);

const winRate: Compute = perTrade(({ wins }) => wins);
const avgWin: Compute = ({ grossProfit, wins }) => quotient(grossProfit, wins, NO_WIN);
const avgLoss: Compute = ({ grossLoss, losses }) => quotient(grossLoss, losses, NO_LOSS);

const payoff: Compute = (totals) => {
  const [win, loss] = [avgWin(totals), avgLoss(totals)];
  if (!isDefined(win)) return win;
  return isDefined(loss) ? win / loss : loss;
};

/** `figure` of the share W of winning trades and the payoff B. */
const ofOdds =
  (figure: (w: number, b: number) => number): Compute =>
  (totals) => {
    const [w, b] = [winRate(totals), payoff(totals)];
    if (!isDefined(w)) return w;
    return isDefined(b) ? figure(w, b) : b;
  };

const systemQuality =
  (cap: number): Compute =>
  ({ count, pnl }) =>
    fromAtLeast(2, count, 'closed trades', () => {
      const deviation = standardDeviation(momentsOf(pnl));
      const root = Math.sqrt(Math.min(count, cap));
      return quotient(root * mean(pnl), deviation, 'all trades have the same profit: its standard deviation is 0');
    });

/** Growth of a capital that was put whole into each trade in turn, per trade. */
const geometricMean: Compute = ({ count, returnRatio }) => {
  if (count === 0) return undefinedBecause(NO_TRADE);
  let logs = 0;
  for (const ratio of returnRatio) {
    if (ratio <= -1) return undefinedBecause('a trade lost all that was put into it, or more');
    logs += Math.log1p(ratio);
  }
  return Math.expm1(logs / count);
};

const metric = (name: string, unit: Metric<TradeTotals>['unit'], definition: string, compute: Compute) => {
  return { name, unit, definition, compute };
};

/** Metrics of closed trades; profits are net of commission. */
export const TRADE_METRICS: readonly Metric<TradeTotals>[] = [
  metric('trades', 'count', 'closed trades; each partial exit closes one', ({ count }) => count),
  metric('longTrades', 'count', 'closed trades that had bought', ({ longs }) => longs),
  metric('shortTrades', 'count', 'closed trades that had sold short', ({ count, longs }) => count - longs),
  metric('winRate', 'ratio', 'trades with pnl > 0 / closed trades', winRate),
  metric(
    'profitFactor',
    'number',
    'sum of winning pnl / |sum of losing pnl|, in money',
    ({ count, grossProfit, grossLoss }) =>
      count === 0 ? undefinedBecause(NO_TRADE) : quotient(grossProfit, grossLoss, NO_LOSS),
  ),
  metric(
    'expectancy',
    'money',
    'mean pnl',
    ofTrades(({ pnl }) => average(pnl)),
  ),
  metric(
    'expectancyRatio',
    'ratio',
    'mean of pnl / value at entry',
    ofTrades(({ returnRatio }) => average(returnRatio)),
  ),
  metric(
    'expectancyR',
    'number',
    'W x avgWin / avgLoss - (1 - W), W = `winRate`: in units of the average loss',
    ofOdds((w, b) => w * b - (1 - w)),
  ),
  metric('sqn', 'number', 'sqrt(N) x mean(pnl) / std(pnl, ddof 1)', systemQuality(Infinity)),
  metric('sqn100', 'number', 'sqrt(min(N, 100)) x mean(pnl) / std(pnl, ddof 1)', systemQuality(100)),
  metric(
    'kelly',
    'ratio',
    'W - (1 - W) / (avgWin / avgLoss), W = `winRate`',
    ofOdds((w, b) => w - (1 - w) / b),
  ),
  metric('payoff', 'number', 'avgWin / avgLoss', payoff),
  metric('grossProfit', 'money', 'sum of winning pnl', ({ grossProfit }) => grossProfit),
  metric('grossLoss', 'money', '|sum of losing pnl|', ({ grossLoss }) => grossLoss),
  metric('avgWin', 'money', 'mean pnl of winning trades', avgWin),
  metric('avgLoss', 'money', '|mean pnl of losing trades|', avgLoss),
  metric('avgWinRatio', 'ratio', 'mean return ratio of winning trades', ({ winRatios, wins }) =>
    quotient(winRatios, wins, NO_WIN),
  ),
  metric('avgLossRatio', 'ratio', '|mean return ratio of losing trades|', ({ lossRatios, losses }) =>
    quotient(lossRatios, losses, NO_LOSS),
  ),
  metric(
    'bestTrade',
    'money',
    'largest pnl',
    ofTrades(({ pnl }) => largest(pnl)),
  ),
  metric(
    'worstTrade',
    'money',
    'smallest pnl, with its sign',
    ofTrades(({ pnl }) => smallest(pnl)),
  ),
  metric(
    'bestTradeRatio',
    'ratio',
    'largest return ratio',
    ofTrades(({ returnRatio }) => largest(returnRatio)),
  ),
  metric(
    'worstTradeRatio',
    'ratio',
    'smallest return ratio, with its sign',
    ofTrades(({ returnRatio }) => smallest(returnRatio)),
  ),
  metric('geometricTradeRatio', 'ratio', '(product of (1 + return ratio))^(1 / N) - 1', geometricMean),
  metric(
    'avgTradeMs',
    'ms',
    'mean time from entry to exit',
    perTrade(({ ms }) => ms),
  ),
  metric(
    'maxTradeMs',
    'ms',
    'longest time from entry to exit',
    ofTrades(({ maxMs }) => maxMs),
  ),
  metric('avgWinMs', 'ms', 'mean time from entry to exit of winning trades', ({ winMs, wins }) =>
    quotient(winMs, wins, NO_WIN),
  ),
  metric('avgLossMs', 'ms', 'mean time from entry to exit of losing trades', ({ lossMs, losses }) =>
    quotient(lossMs, losses, NO_LOSS),
  ),
  metric(
    'avgTradeBars',
    'bars',
    'mean of exit bar - entry bar',
    perTrade(({ bars }) => bars),
  ),
  metric(
    'maxTradeBars',
    'bars',
    'largest exit bar - entry bar',
    ofTrades(({ maxBars }) => maxBars),
  ),
  metric(
    'maxConsecutiveWins',
    'count',
    'longest row of winning trades, in the order of exits',
    ({ maxConsecutiveWins }) => maxConsecutiveWins,
  ),
  metric(
    'maxConsecutiveLosses',
    'count',
    'longest row of losing trades, in the order of exits',
    ({ maxConsecutiveLosses }) => maxConsecutiveLosses,
  ),
  metric(
    'avgMaeRatio',
    'ratio',
    "mean over trades of the largest loss at a bar's extreme",
    perTrade(({ mae }) => mae),
  ),
  metric(
    'avgMfeRatio',
    'ratio',
    "mean over trades of the largest gain at a bar's extreme",
    perTrade(({ mfe }) => mfe),
  ),
  metric('closedCommission', 'money', 'commission of closed trades', ({ commission }) => commission),
];
