import Type from 'typebox';
import { answers, Name, Page, PageQuery } from '../../schemas.ts';

const Text = (description: string, maxLength = 200) => Type.String({ minLength: 1, maxLength, description });

export const ImportQuery = Type.Object(
  {
    symbol: Text('the name of what was traded, such as "BTC/USDT"', 64),
    timeframe: Text('the length of a bar such as "1m"', 10),
    stamp: Type.Enum(['open', 'close'], {
      description: 'whether the stamps of the file are opens or closes, "open" or "close"',
    }),
    columns: Type.Optional(
      Text('which column is which, "timestamp=date,volume=volume_contracts"; by number from 1 without a header', 1000),
    ),
    zone: Type.Optional(
      Text('the clock of stamps without an offset, "America/New_York" or "-05:00"; UTC when absent', 64),
    ),
    calendar: Type.Optional(
      Text('when bars are expected, "24/7" (when absent), "us-equities", "forex", or a JSON description', 20_000),
    ),
    duplicates: Type.Optional(
      Type.Enum(['refuse', 'drop-identical'], {
        description: '"drop-identical" drops rows that repeat the row before in every number; "refuse" when absent',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ImportQuery = Type.Static<typeof ImportQuery>;

const Gap = Type.Object({
  after: Type.String({ description: 'open of the last bar before it' }),
  before: Type.String({ description: 'open of the first bar behind it' }),
  bars: Type.Integer({ description: 'bars missing' }),
});

export const Dataset = Type.Object({
  datasetId: Type.String(),
  hash: Type.String({ description: 'SHA-256 of symbol, timeframe and bars' }),
  symbol: Type.String(),
  timeframe: Type.String(),
  rows: Type.Integer(),
  firstAt: Type.String({ description: 'open of the first bar' }),
  lastAt: Type.String({ description: 'open of the last bar' }),
  gaps: Type.Integer({ description: 'stretches in which bars are missing by the calendar' }),
  missingBars: Type.Integer(),
  outsideBars: Type.Integer({ description: 'bars at times when the market is closed by the calendar' }),
  firstGaps: Type.Array(Gap),
  calendar: Type.String(),
  duplicates: Type.Integer({ description: 'identical rows dropped because that was asked for' }),
  hasVolume: Type.Boolean({ description: 'false: the file has no volume, and every volume is 0' }),
  unusedColumns: Type.Array(Type.String()),
  source: Type.Unknown({ description: 'the file or the download that it comes from' }),
  owner: Type.String(),
  createdAt: Type.String(),
});

const tags = ['datasets'];

export const schemas = {
  import: {
    tags,
    summary: 'Import a CSV file of bars',
    description:
      'The body is the file, plain or gzip, at most 1 GiB. Every row is checked and nothing is repaired. The same bars are the same data set: 201 the first time, 200 afterwards.',
    consumes: ['text/csv', 'application/gzip'],
    querystring: ImportQuery,
    body: Type.Unsafe<AsyncIterable<Uint8Array>>({ type: 'string', format: 'binary', description: 'the CSV file' }),
    response: answers({ 200: Dataset, 201: Dataset }, 400, 413, 415),
  },
  list: {
    tags,
    summary: 'List data sets, newest first',
    querystring: Type.Object(
      {
        ...PageQuery,
        symbol: Type.Optional(Text('a symbol', 64)),
        timeframe: Type.Optional(Text('a timeframe', 10)),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Dataset) }),
  },
  show: {
    tags,
    summary: 'Read a data set',
    params: Type.Object({ id: Name('the id of a data set') }),
    response: answers({ 200: Dataset }, 404),
  },
};
