import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { allocateCandles, type Candles } from '../domain/market/candles.ts';
import type { Timeframe } from '../domain/market/timeframe.ts';

const FIELDS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const ABOUT = 'about.json';

interface About {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly length: number;
}

/** Writes bars as one file of little-endian doubles for each field, which any language reads in one call. */
export async function writeBarFolder(folder: string, candles: Candles): Promise<void> {
  assertLittleEndian();
  await mkdir(folder, { recursive: true });
  const about: About = { symbol: candles.symbol, timeframe: candles.timeframe, length: candles.length };
  await writeFile(join(folder, ABOUT), JSON.stringify(about));
  for (const field of FIELDS) await writeFile(join(folder, `${field}.f64`), bytesOf(candles[field]));
}

/** The bars that `writeBarFolder` has written. */
export async function readBarFolder(folder: string): Promise<Candles> {
  const { symbol, timeframe, length } = JSON.parse(await readFile(join(folder, ABOUT), 'utf8')) as About;
  const candles = allocateCandles(symbol, timeframe, length);
  for (const field of FIELDS) candles[field].set(await readDoubles(join(folder, `${field}.f64`)));
  return candles;
}

/** A file of little-endian doubles. */
export async function readDoubles(file: string): Promise<Float64Array> {
  assertLittleEndian();
  const bytes = await readFile(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Writes doubles so that `readDoubles` reads them. */
export async function writeDoubles(file: string, values: Float64Array): Promise<void> {
  assertLittleEndian();
  await writeFile(file, bytesOf(values));
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function assertLittleEndian(): void {
  if (endianness() !== 'LE') throw new Error('measurements need a little-endian machine');
}
