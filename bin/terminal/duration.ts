import { InvalidArgumentError } from 'commander';
import type { DurationMs } from '../../domain/market/decimal.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d{1,12})(?:\.(\d{1,6}))?(ms|s|m|h|d)$/;

/**
 * Parses a length of time as people write it on a command line: `500ms`, `10s`, `1.5m`, `2h`, `1d`. Throws commander's
 * `InvalidArgumentError` for anything else, and for a length that is no whole number of milliseconds.
 */
export function parseDuration(text: string): DurationMs {
  const match = DURATION.exec(text.trim());
  const scale = UNITS_MS[match?.[3] ?? ''];
  if (match === null || scale === undefined) {
    throw new InvalidArgumentError(`"${text}" is no length of time: write 500ms, 10s, 5m, 2h or 1d.`);
  }
  const fraction = match[2] ?? '';
  // In whole numbers: 1.1s in binary floats is not 1100 ms.
  const scaled = Number(`${match[1]}${fraction}`) * scale;
  const milliseconds = scaled / 10 ** fraction.length;
  if (!Number.isSafeInteger(milliseconds)) {
    throw new InvalidArgumentError(`"${text}" is no whole number of milliseconds.`);
  }
  return milliseconds;
}

/** Like `parseDuration`, and takes a minus in front as well: `-2s`. */
export function parseSignedDuration(text: string): DurationMs {
  const trimmed = text.trim();
  return trimmed.startsWith('-') ? -parseDuration(trimmed.slice(1)) : parseDuration(trimmed);
}
