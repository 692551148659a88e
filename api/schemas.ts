import Type from 'typebox';

/** Names and ids in a path or filter. */
export const Name = (description: string) =>
  Type.String({ minLength: 1, maxLength: 120, pattern: String.raw`^[\w./:-]+$`, description });

/** An exact decimal as text. The form is that of `domain/market/decimal.ts`, positive or zero. */
export const DecimalText = (description: string) =>
  Type.String({
    pattern: String.raw`^\d{1,24}(\.\d{1,18})?$`,
    description: `${description} as plain decimal text such as "12.5" (in quotes, no exponent, at most 24 digits before and 18 after the point)`,
  });

/** A decimal in an answer: may be negative. */
export const Amount = (description: string) => Type.String({ pattern: String.raw`^-?\d+(\.\d+)?$`, description });

export const Instant = (description: string) =>
  Type.String({
    format: 'date-time',
    maxLength: 40,
    description: `${description}, ISO 8601 with a zone such as "2026-11-23T09:30:00Z"`,
  });

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: String.raw`\S`,
  description: 'the reason in words, 3 to 500 characters; it is kept',
});

/** A request that carries nothing: no body, or an empty object. */
export const NoBody = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })], {
  description: 'no body, or {}',
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'stable; see docs/errors.md' }),
    errors: Type.Array(Type.Object({ field: Type.String(), value: Type.Unknown(), message: Type.String() })),
  },
  { title: 'Problem', description: 'A problem document after RFC 9457' },
);

const header = (description: string) => ({ schema: { type: 'string' }, description });

/** Headers that a refusal has beside its document. */
const PROBLEM_HEADERS: Readonly<Record<number, object>> = {
  401: { 'WWW-Authenticate': header('Bearer realm="tradewind"') },
  429: { 'Retry-After': header('seconds to wait') },
};

const problemAnswer = (status: number) => ({
  description: 'A problem document',
  ...(PROBLEM_HEADERS[status] === undefined ? {} : { headers: PROBLEM_HEADERS[status] }),
  content: { 'application/problem+json': { schema: ProblemSchema } },
});

/** An answer that is text of another kind than JSON. */
export const TextAnswer = (mediaType: string, description: string, schema: Type.TSchema = Type.String()) =>
  ({ description, content: { [mediaType]: { schema } } }) as unknown as Type.TSchema;

/** Refusals that can come from every route with a key. */
const EVERYWHERE = [400, 401, 403, 408, 414, 422, 429, 431, 500, 503];

/**
 * The answers of a route: its own, and the problem documents of those statuses and of what can come from everywhere. They describe and are not
 * typed further: records are read-only, static types of schemas are not.
 */
export function answers(
  own: Readonly<Record<number, Type.TSchema>>,
  ...problems: readonly number[]
): Readonly<Record<number, object>> {
  return {
    ...Object.fromEntries([...problems, ...EVERYWHERE].map((status) => [status, problemAnswer(status)])),
    ...own,
  };
}

/** One page of a list; `next` is the cursor of the page after it, `null` on the last. */
export const Page = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) });

export const Cursor = Type.String({
  pattern: String.raw`^\d{1,15}$`,
  description: 'the `next` of the page before, unchanged',
});

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'items per page, 1 to 1000', default: 100 }),
  ),
  cursor: Type.Optional(Cursor),
};
