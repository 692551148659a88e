import { EQUITY_HEADER, equityLines } from '../../domain/backtest/equity-csv.ts';
import { tradeLine, TRADES_HEADER } from '../../domain/backtest/trades-csv.ts';
import { equityOf, type ReadPart, tradesOf } from './parts.ts';

/** `trades.csv` of a run, piece by piece. */
export async function* tradesCsv(readPart: ReadPart): AsyncGenerator<string> {
  yield `${TRADES_HEADER}\n`;
  for (let number = 0; ; number += 1) {
    const content = await readPart('trades', number);
    if (content === null) return;
    yield tradesOf(content)
      .map((trade) => `${tradeLine(trade)}\n`)
      .join('');
  }
}

/** `equity.csv` of a run, piece by piece; the starting capital is the first peak. */
export async function* equityCsv(readPart: ReadPart, initialCash: number): AsyncGenerator<string> {
  yield `${EQUITY_HEADER}\n`;
  const lines = equityLines(initialCash);
  for (let number = 0; ; number += 1) {
    const content = await readPart('equity', number);
    if (content === null) return;
    const { times, equity } = equityOf(content);
    yield* lines(times, equity);
  }
}
