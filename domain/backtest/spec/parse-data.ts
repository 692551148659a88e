import { CANDLE_COLUMNS, type ColumnMapping } from '../../market/csv-layout.ts';
import { symbolProblem } from '../../market/dataset.ts';
import { isTimeframe, type Timeframe } from '../../market/timeframe.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { Fields, isObject } from './fields.ts';
import type { DataSource, FileSource } from './spec.ts';

const FILE_FIELDS = ['file', 'symbol', 'timeframe', 'stamp', 'columns', 'zone'];
/** Each is held in memory whole. */
const MOST_SOURCES = 50;
const TIMEFRAME_FORM = 'give a whole number and s, m, h, d or w, for example "15m"';
const MEANING = 'give {file, symbol, timeframe, stamp}, {datasetId}, or a list of them';

/** Reads `data`, one source or a list of them, one for each symbol. Problems are added to the list. */
export function parseData(value: unknown, problems: FieldProblem[]): readonly DataSource[] {
  if (Array.isArray(value)) {
    if (value.length > MOST_SOURCES) {
      const message = `has ${value.length} sources: give at most ${MOST_SOURCES}`;
      problems.push({ field: 'data', value: value.length, message });
      return [];
    }
    if (value.length === 0) problems.push({ field: 'data', value: null, message: `the list is empty; ${MEANING}` });
    const sources = value.map((item, i) => parseSource(item, `data.${i}`, problems));
    refuseRepeats(sources, problems);
    return sources;
  }
  if (value === undefined) problems.push({ field: 'data', value: null, message: `missing; ${MEANING}` });
  return value === undefined ? [] : [parseSource(value, 'data', problems)];
}

function parseSource(value: unknown, path: string, problems: FieldProblem[]): DataSource {
  if (!isObject(value)) {
    problems.push({ field: path, value, message: MEANING });
    return { datasetId: '' };
  }
  if (value['file'] === undefined) {
    const known = ['datasetId', 'resample', ...(value['datasetId'] ? [] : FILE_FIELDS)];
    const fields = new Fields(value, path, problems, known);
    const datasetId = fields.text('datasetId', 'the id of a data set, or file, symbol, timeframe and stamp');
    return { datasetId, ...resampleOf(fields) };
  }
  return parseFile(new Fields(value, path, problems, [...FILE_FIELDS, 'resample']));
}

function parseFile(fields: Fields): FileSource {
  const symbol = fields.text('symbol', 'the name of what the bars are of, such as "BTC/USDT"');
  const symbolMessage = symbol === '' ? null : symbolProblem(symbol);
  if (symbolMessage !== null) fields.problem('symbol', symbolMessage);
  const timeframe = fields.text('timeframe', 'the length of a bar, such as "1m", "4h" or "1d"');
  if (timeframe !== '' && !isTimeframe(timeframe)) {
    fields.problem('timeframe', TIMEFRAME_FORM);
  }
  const columns = columnsOf(fields);
  return {
    file: fields.text('file', 'the path of a CSV file of bars'),
    symbol,
    timeframe,
    stamp: fields.choice('stamp', ['open', 'close']),
    ...(columns === null ? {} : { columns }),
    ...(fields.has('zone') ? { zone: fields.text('zone', 'a time zone such as "America/New_York"') } : {}),
    ...resampleOf(fields),
  };
}

function resampleOf(fields: Fields): { readonly resample?: Timeframe } {
  if (!fields.has('resample')) return {};
  const resample = fields.text('resample', 'the length of the bars to make, such as "1h"');
  if (resample !== '' && !isTimeframe(resample)) fields.problem('resample', TIMEFRAME_FORM);
  return { resample };
}

function columnsOf(fields: Fields): ColumnMapping | null {
  const given = fields.object('columns', CANDLE_COLUMNS);
  if (given === null) return null;
  const named = CANDLE_COLUMNS.filter((column) => given.has(column));
  return Object.fromEntries(
    named.map((column) => [column, given.text(column, `the name or number of the column with the ${column}`)]),
  );
}

function refuseRepeats(sources: readonly DataSource[], problems: FieldProblem[]): void {
  const seen = new Set<string>();
  for (const [i, source] of sources.entries()) {
    const [name, field] = 'file' in source ? [source.symbol, 'symbol'] : [source.datasetId, 'datasetId'];
    if (name !== '' && seen.has(name)) {
      problems.push({
        field: `data.${i}.${field}`,
        value: name,
        message: 'is in the list already; give each symbol once',
      });
    }
    seen.add(name);
  }
}
