import { partsInMemory, tradesOf } from '../../adapters/backtests/parts.ts';
import { runLocally } from '../../bin/terminal/local-backtest.ts';
import type { NamedStrategy } from '../../domain/backtest/spec/spec.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { instrumentOf, type ReplayedBars } from './replayed-bars.ts';
import { CAPITAL, SIZING, SYMBOL } from './replayed-sessions.ts';

/** Closed trades of the backtest of a strategy over the bars of the file that open in `[from, to)`; earlier ones are history. */
export async function backtestTrades(
  strategy: NamedStrategy,
  bars: ReplayedBars,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<readonly Trade[]> {
  const run = await runLocally({
    data: { ...bars.source, symbol: SYMBOL },
    from,
    to,
    strategy,
    sizing: SIZING,
    broker: { cash: CAPITAL, direction: 'long', instruments: { [SYMBOL]: instrumentOf(bars) } },
  });
  if ('problem' in run) throw new Error(`the backtest of ${strategy.id} failed: ${run.problem.detail}`);
  const readPart = partsInMemory(run.output.parts);
  const trades: Trade[] = [];
  for (let number = 0; ; number += 1) {
    const content = await readPart('trades', number);
    if (content === null) return trades;
    trades.push(...tradesOf(content));
  }
}
