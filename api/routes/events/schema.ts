import Type from 'typebox';
import { answers, Nullable, TextAnswer } from '../../schemas.ts';

const EventId = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

const Filter = {
  subject: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: String.raw`^[\w./: -]+$`,
      description: 'only events about this: the id of an execution, a backtest, a halt, a venue …',
    }),
  ),
  kind: Type.Optional(
    Type.String({
      maxLength: 60,
      pattern: String.raw`^[a-z]+(\.[a-z-]+)?(\.\*)?$`,
      description: 'only events of this kind such as "order.ended", or of a family of kinds such as "order.*"',
    }),
  ),
};

const Event = Type.Object({
  id: Type.Integer(),
  kind: Type.String(),
  subject: Type.String(),
  at: Type.String(),
  payload: Type.Unknown({ description: 'by kind; fields are added and never renamed' }),
});

/** One event of the stream; OpenAPI 3.1 lets the schema of a stream describe its events. */
const StreamedEvent = Type.Object({
  id: Type.Optional(Type.String({ pattern: String.raw`^\d+$`, description: 'resume behind it' })),
  event: Type.Optional(Type.Enum(['reset'], { description: 'absent but for a reset' })),
  data: Type.Optional(
    Type.String({
      description: 'an Event as JSON, or what a reset is about; absent when it only shows that the stream lives',
    }),
  ),
});

const tags = ['events'];

export const schemas = {
  follow: {
    tags,
    summary: 'Follow events as they happen (server-sent events)',
    description:
      'Every change of state, each once and in order of its id. Without `Last-Event-ID` it begins with what happens next. An event named "reset" says that some of what was asked for is gone: read the lists anew, the stream goes on from now. A client that does not read is cut off and resumes by id.',
    headers: Type.Object({
      'last-event-id': Type.Optional(
        Type.String({ pattern: String.raw`^\d{1,15}$`, description: 'the id of the last event that was seen' }),
      ),
    }),
    querystring: Type.Object(
      { after: Type.Optional(EventId('as Last-Event-ID, which comes first')), ...Filter },
      { additionalProperties: false },
    ),
    response: answers({
      200: TextAnswer(
        'text/event-stream',
        'Events, until either side ends the connection, each of this form',
        StreamedEvent,
      ),
    }),
  },
  history: {
    tags,
    summary: 'Read past events, oldest first',
    querystring: Type.Object(
      {
        after: Type.Optional(EventId('only events with a higher id; from the oldest that is kept when absent')),
        limit: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 1000, description: 'events per page, 1 to 1000', default: 100 }),
        ),
        ...Filter,
      },
      { additionalProperties: false },
    ),
    response: answers({
      200: Type.Object({
        items: Type.Array(Event),
        next: Nullable(Type.String({ description: 'pass it as `after`; null when there are no more' })),
        last: Type.Integer({ description: 'nothing up to this id is missing: follow from here' }),
        prunedThrough: Type.Integer({ description: 'events up to this id are kept no more; 0 when all are' }),
      }),
    }),
  },
};
