import Type from 'typebox';
import { STREAM_KINDS } from '../../../adapters/ports/stream-health.ts';
import { answers, Name, Nullable } from '../../schemas.ts';

const Stream = Type.Object({
  venue: Type.String(),
  kind: Type.Enum([...STREAM_KINDS]),
  symbol: Nullable(Type.String({ description: 'null for the streams of the whole account' })),
  timeframe: Nullable(Type.String({ description: 'of candles only' })),
  status: Type.Enum(['connecting', 'live', 'stale', 'down', 'unknown'], {
    description:
      '"stale": silent for longer than its kind allows, and the silence is not explained; "unknown": no worker has reported lately',
  }),
  exchangeAt: Nullable(
    Type.String({
      description: "the venue's own time of the last message that bore one; another clock than receivedAt",
    }),
  ),
  receivedAt: Nullable(Type.String({ description: 'when the last message came, by our clock' })),
  messages: Type.Integer({ description: 'since the worker that keeps the stream began' }),
  gaps: Type.Integer({ description: 'how often something was missing in the sequence and was read again' }),
  reconnects: Type.Integer(),
  stale: Type.Integer({ description: 'how often the stream was silent for too long' }),
  lastError: Nullable(Type.String()),
  ageMs: Type.Number({
    description:
      'how long ago the worker that keeps the stream reported all of this; how long the stream has been silent is now minus `receivedAt`',
  }),
});

export const schemas = {
  list: {
    tags: ['streams'],
    summary: 'List the market-data and account streams with their health',
    querystring: Type.Object(
      { venue: Type.Optional(Name('only streams of this venue account')) },
      { additionalProperties: false },
    ),
    response: answers({ 200: Type.Object({ items: Type.Array(Stream), next: Type.Null() }) }, 404),
  },
};
