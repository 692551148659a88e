import { describe, expect, it } from '@jest/globals';
import { columnName, parseColumnName } from '../../../domain/indicators/column-name.ts';

const read = (text: string) => {
  const { column, problem } = parseColumnName(text);
  if (column === null) return problem.message;
  return [column.indicator.name, column.params, column.indicator.outputs[column.output]];
};

describe('the name of a column', () => {
  it.each([
    ['SMA_10', 'SMA', { period: 10 }, 'value'],
    ['BOP', 'BOP', {}, 'value'],
    ['T3_5_0.7', 'T3', { period: 5, volumeFactor: 0.7 }, 'value'],
    ['T3_5_1', 'T3', { period: 5, volumeFactor: 1 }, 'value'],
    ['MACD_12_26_9.signal', 'MACD', { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 }, 'signal'],
    ['STOCH_14_3_SMA_4_SMA.slowd', 'STOCH', { fastKPeriod: 14, slowKPeriod: 3, slowDPeriod: 4 }, 'slowd'],
    ['APO_12_26_SMA', 'APO', { fastPeriod: 12, slowPeriod: 26 }, 'value'],
  ])('%s says indicator, parameters and line, and can be written again', (text, name, params, output) => {
    expect(read(text)).toEqual([name, params, output]);
    expect(columnName(parseColumnName(text).column!)).toBe(text);
  });

  it.each([
    ['SMA', 'SMA_30'],
    ['MACD_10.hist', 'MACD_10_26_9.hist'],
    ['STOCH_14_3_4.slowd', 'STOCH_14_3_SMA_4_SMA.slowd'],
    ['SMA_10.value', 'SMA_10'],
  ])('%s leaves out what has a default: it is %s', (text, whole) => {
    expect(columnName(parseColumnName(text).column!)).toBe(whole);
  });

  it.each([
    ['SMMA_10', '"SMMA_10": there is no indicator "SMMA"; did you mean "SMA"?'],
    ['rsi_14', 'there is no indicator "rsi"; did you mean "RSI"?'],
    ['', '"": there is no indicator ""; known: '],
    ['SMA_1', '"SMA_1": period is 1: give a value from 2 to 100000'],
    ['SMA_10.5', '"SMA_10.5": period is 10.5: give a whole number'],
    ['SMA_10_20', 'SMA takes at most 1 (period); 2 are given'],
    ['BOP_1', 'BOP takes no parameters; 1 are given'],
    ['SMA_ten', '"ten" is no number'],
    ['SMA_', '"" is no number'],
    ['SMA_10_SMA', '"SMA" is no number'],
    ['STOCH_14_3_EMA_3_SMA.slowk', 'STOCH is made of simple averages; write SMA in place of "EMA"'],
    ['MACD_12_26_9', 'MACD has several lines; name one of MACD_12_26_9.macd, MACD_12_26_9.signal, MACD_12_26_9.hist'],
    ['MACD_12_26_9.sig', 'MACD has no line "sig"; known: MACD_12_26_9.macd'],
    ['SMA_10.upper', 'SMA has no line "upper"; known: SMA_10'],
  ])('refuses "%s" and says why', (text, message) => {
    const { column, problem } = parseColumnName(text);
    expect(column).toBeNull();
    expect(problem).toMatchObject({ field: 'column', value: text, message: expect.stringContaining(message) });
  });
});
