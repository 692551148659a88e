import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { parseColumns } from '../../adapters/candles/column-mapping.ts';
import { findTimeZone } from '../../domain/market/time-zones.ts';
import { readWholeFile } from '../../adapters/candles/whole-file.ts';
import { type BarTable, readBarTable } from '../../domain/indicators/bar-table.ts';
import { computeColumns } from '../../domain/indicators/compute-columns.ts';
import { localClockOf, UTC } from '../../domain/market/calendar-zone.ts';
import { InvalidInput } from '../stack/failures.ts';
import { UnusableInput } from '../terminal/errors.ts';
import { type CommonOptions, listOf, print, withCommonOptions } from '../terminal/output.ts';

interface IndicatorOptions extends CommonOptions {
  readonly data: string;
  readonly columns: string;
  readonly map?: string;
  readonly zone?: string;
  readonly out?: string;
}

/** The table is kept in memory as text and as numbers. */
const MAX_DATA_BYTES = 256 << 20;
const LINES_AT_ONCE = 4_096;

/** Adds `tradewind calc indicator`: indicators of a file of bars. */
export function registerIndicator(calc: Command): void {
  withCommonOptions(calc.command('indicator').description('indicators of a CSV file of bars'), 'nothing')
    .requiredOption('--data <file>', 'CSV file of bars, plain or gzip')
    .requiredOption('--columns <names>', 'what to compute, for example SMA_10,RSI_14,MACD_12_26_9.signal')
    .option('--map <mapping>', 'which column of the file is which, for example timestamp=day,close=last')
    .option('--zone <zone>', 'the clock of stamps without an offset: America/New_York or -05:00 (default: UTC)')
    .option(
      '--out <file>',
      'CSV file to write: the time of each bar, then a column for each name (default: to standard output)',
    )
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<IndicatorOptions>();
      if (options.out === undefined && options.json === true) {
        throw new InvalidInput('--json prints one JSON document and no CSV: name the file with --out');
      }
      const names = options.columns.split(',').map((name) => name.trim());
      const reading = {
        columns: given('--map', options.map, parseColumns) ?? {},
        clock: localClockOf(given('--zone', options.zone, findTimeZone) ?? UTC),
      };
      const parsed = readBarTable(await contentOf(options.data), reading);
      if (!parsed.ok) throw new UnusableInput(parsed.problems);
      const computed = computeColumns(parsed.table, names);
      if (!computed.ok) throw new UnusableInput(computed.problems);
      const csv = csvOf(parsed.table, names, computed.columns);
      if (options.out === undefined) {
        for (const piece of csv) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
        return;
      }
      await write(options.out, csv);
      const rows = parsed.table.stamps.length;
      print(options, { file: options.out, rows, columns: names }, () =>
        listOf([
          ['written', options.out],
          ['rows', rows],
          ['columns', names.join(', ')],
        ]),
      );
    });
}

/** The value of an option, read. */
function given<T>(name: string, text: string | undefined, read: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidInput(`${name}: ${error.message}`);
    throw error;
  }
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path, { maxBytes: MAX_DATA_BYTES, instead: 'give a shorter file' });
  } catch (error) {
    throw new InvalidInput(`--data ${path}: ${(error as Error).message}`);
  }
}

/** Numbers in the shortest form that reads back to the same bits; empty before the lookback. */
function* csvOf(
  { stampName, stamps }: BarTable,
  names: readonly string[],
  columns: readonly Float64Array[],
): Generator<string> {
  yield `${[stampName, ...names].join(',')}\n`;
  for (let from = 0; from < stamps.length; from += LINES_AT_ONCE) {
    let piece = '';
    for (let i = from; i < Math.min(stamps.length, from + LINES_AT_ONCE); i += 1) {
      piece += stamps[i]!;
      for (const column of columns) piece += Number.isNaN(column[i]) ? ',' : `,${column[i]}`;
      piece += '\n';
    }
    yield piece;
  }
}

async function write(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), createWriteStream(path));
  } catch (error) {
    throw new InvalidInput(`--out ${path} cannot be written: ${(error as Error).message}`);
  }
}
