import { writeFileSync } from 'node:fs';

const START = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;

/** A wave with noise on it (fractions of multiples of the golden ratio): the same at every call. */
function closeAt(bar: number): number {
  const noise = (bar * 0.618_033_988_749_895) % 1;
  return 100 + 20 * Math.sin(bar / 10) + noise;
}

/** Writes a CSV of one-minute bars, `timestamp,open,high,low,close,volume`, and gives its path. */
export function writeBars(path: string, bars: number): string {
  const lines = ['timestamp,open,high,low,close,volume'];
  for (let bar = 0; bar < bars; bar += 1) {
    const open = closeAt(bar - 1);
    const close = closeAt(bar);
    const high = Math.max(open, close) + 0.5;
    const low = Math.min(open, close) - 0.5;
    lines.push(`${START + bar * MINUTE_MS},${open},${high},${low},${close},${1 + (bar % 7)}`);
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** A source of a spec for such a file. */
export const barsOf = (file: string) => ({ file, symbol: 'TEST', timeframe: '1m', stamp: 'open' }) as const;
