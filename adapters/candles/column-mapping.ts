import { CANDLE_COLUMNS, type CandleColumn, type ColumnMapping } from '../../domain/market/csv-layout.ts';

/**
 * A column mapping as people write it, `timestamp=date,volume=volume_contracts`: our name, then the file's (or, in a file without a header, the
 * column's number from 1).
 * @throws {RangeError} naming the part that cannot be used
 */
export function parseColumns(text: string): ColumnMapping {
  const mapping: Partial<Record<CandleColumn, string>> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const [name, column] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 1 || column === '') {
      throw new RangeError(`"${part}" is not of the form name=column, such as timestamp=date`);
    }
    const known = CANDLE_COLUMNS.find((each) => each === name);
    if (known === undefined)
      throw new RangeError(`"${name}" is no field of a bar; known: ${CANDLE_COLUMNS.join(', ')}`);
    if (mapping[known] !== undefined) throw new RangeError(`"${name}" is given twice`);
    mapping[known] = column;
  }
  return mapping;
}
