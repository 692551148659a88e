import { assetsOf } from '../portfolio/account-trade.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';

/** Each is asked for at every bar, and all of them share one cash. */
const MOST_SYMBOLS = 20;
const LONGEST_SYMBOL = 64;
const FORM = 'give a spot symbol such as "BTC/USDT"';

/** Reads `symbols`: 1 to 20 spot symbols of one quote currency, each once. Problems are added to the list. */
export function parseSymbols(value: unknown, problems: FieldProblem[]): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    const message = `${value === undefined ? 'missing; ' : ''}give a list of spot symbols such as ["BTC/USDT"]`;
    problems.push({ field: 'symbols', value: value ?? null, message });
    return [];
  }
  if (value.length > MOST_SYMBOLS) {
    const message = `has ${value.length} symbols: give at most ${MOST_SYMBOLS}, and start another session for the rest`;
    problems.push({ field: 'symbols', value: value.length, message });
    return [];
  }
  const symbols: string[] = [];
  value.forEach((symbol: unknown, i) => {
    const message = symbolProblem(symbol, symbols);
    if (message === null) symbols.push(symbol as string);
    else problems.push({ field: `symbols.${i}`, value: symbol ?? null, message });
  });
  return symbols;
}

function symbolProblem(symbol: unknown, before: readonly string[]): string | null {
  if (typeof symbol !== 'string' || symbol.length > LONGEST_SYMBOL || !/^[^\s\p{C}]+$/u.test(symbol)) return FORM;
  let quote: string;
  try {
    ({ quote } = assetsOf(symbol));
  } catch {
    return `a session trades spot only: ${FORM}`;
  }
  if (before.includes(symbol)) return 'is in the list already; give each symbol once';
  const first = before[0];
  if (first === undefined || assetsOf(first).quote === quote) return null;
  return `is quoted in ${quote} and ${first} in ${assetsOf(first).quote}: a session has one cash, give symbols of one quote`;
}
