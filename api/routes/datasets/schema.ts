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

export const ResampleBody = Type.Object(
  {
    timeframe: Text('the timeframe to make, a whole multiple of that of the data set, such as "1h"', 10),
    calendar: Type.Optional(
      Text('when bars are expected; that of the data set when absent, which must be one with a name', 20_000),
    ),
  },
  { additionalProperties: false, description: 'a JSON object' },
);
export type ResampleRequest = Type.Static<typeof ResampleBody>;

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
  source: Type.Unknown({ description: 'the file, the download or the data set that it comes from' }),
  owner: Type.String(),
  createdAt: Type.String(),
  notes: Type.Array(Type.String(), {
    description:
      'when bars were brought that are stored already: what came with them and was not taken, and what to do',
  }),
});

const tags = ['datasets'];

export const schemas = {
  import: {
    tags,
    summary: 'Import a CSV file of bars',
    description:
      'The body is the file, plain or gzip, at most 1 GiB. Every row is checked and nothing is repaired. The same bars are the same data set: 201 the first time, 200 afterwards, when `notes` says what was given and not taken, such as another calendar.',
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
  resample: {
    tags,
    summary: 'Make bars of a longer timeframe',
    description:
      'Stored as a data set of its own: 201 the first time, 200 afterwards. A bar that had not closed by the end of the data is left out; one with gaps inside is made of what is there.',
    params: Type.Object({ id: Name('the id of a data set') }),
    body: ResampleBody,
    response: answers({ 200: Dataset, 201: Dataset }, 400, 404, 413, 415),
  },
  delete: {
    tags,
    summary: 'Delete a data set with its bars',
    description:
      'Refused with `DATASET_IN_USE` while a backtest or an optimisation that has not ended names it. Results that were computed on it stay, and name its hash. Answers with the data set that was deleted.',
    params: Type.Object({ id: Name('the id of a data set') }),
    response: answers({ 200: Dataset }, 404, 409),
  },
};
