import Type from 'typebox';
import { answers, Instant, Name, NoBody, Nullable, Page, PageQuery } from '../../schemas.ts';

const Status = Type.Enum(['running', 'completed', 'cancelled', 'failed'], {
  description: 'how the download stands; the last three are final',
});

export const DownloadBody = Type.Object(
  {
    venue: Name('the id of a venue account'),
    symbol: Name('the unified symbol such as "BTC/USDT"'),
    timeframe: Name('the timeframe such as "1m"'),
    from: Instant('the open of the first bar'),
    to: Type.Optional(Instant('the end: the last bar closes then; the last closed bar when absent')),
  },
  { additionalProperties: false, description: 'a JSON object' },
);
export type DownloadRequest = Type.Static<typeof DownloadBody>;

export const Download = Type.Object({
  id: Type.String(),
  workflowId: Type.String(),
  status: Status,
  venue: Type.String(),
  symbol: Type.String(),
  timeframe: Type.String(),
  from: Type.String(),
  to: Type.String(),
  next: Type.String({ description: 'everything before it is stored' }),
  progress: Type.Number({ description: '0 to 1' }),
  rows: Type.Integer({ description: 'bars stored so far' }),
  datasetId: Nullable(Type.String({ description: 'once it is completed' })),
  problem: Nullable(Type.Object({ code: Type.String(), detail: Type.String() })),
  owner: Type.String(),
  createdAt: Type.String(),
  endedAt: Nullable(Type.String()),
  notes: Type.Array(Type.String(), {
    description: 'of one completed download: what of the time asked for the venue gave nothing for; empty in lists',
  }),
});

const tags = ['datasets'];
const params = Type.Object({ id: Name('the id of a download') });

export const downloadSchemas = {
  start: {
    tags,
    summary: 'Download candles of a venue into a data set',
    description:
      'Page by page, each stored before the next is asked for, so that it goes on where it stopped. With an `Idempotency-Key`, the same key and body lead to the same download for good.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    body: DownloadBody,
    response: answers({ 200: Download, 201: Download }, 400, 409, 413, 415),
  },
  list: {
    tags,
    summary: 'List downloads, newest first',
    querystring: Type.Object(PageQuery, { additionalProperties: false }),
    response: answers({ 200: Page(Download) }),
  },
  show: { tags, summary: 'Read a download with its progress', params, response: answers({ 200: Download }, 404) },
  cancel: {
    tags,
    summary: 'End a download and remove its bars',
    params,
    body: NoBody,
    response: answers({ 200: Download }, 404, 409),
  },
};
