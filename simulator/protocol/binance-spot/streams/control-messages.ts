/** What a client of the public streams may ask. */
export type Control =
  | { readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE'; readonly streams: readonly string[]; readonly id: RequestId }
  | { readonly method: 'LIST_SUBSCRIPTIONS'; readonly id: RequestId }
  | { readonly method: 'SET_PROPERTY'; readonly combined: boolean; readonly id: RequestId }
  | { readonly method: 'GET_PROPERTY'; readonly id: RequestId };

/** A whole number, a text of up to 36 characters, or `null` where none was sent. */
export type RequestId = number | string | null;

/** A request that is refused, in the words of the exchange where it documents them. */
export class ControlError extends Error {
  readonly code: number;
  readonly id: RequestId;
  constructor(code: number, message: string, id: RequestId) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
    this.id = id;
  }

  answer(): string {
    return JSON.stringify({ error: { code: this.code, msg: this.message }, id: this.id });
  }
}

const INVALID_VALUE = 1;
const INVALID_REQUEST = 2;
const INVALID_JSON = 3;

/** Reads a request. Throws `ControlError`. */
export function parseControl(text: string): Control {
  const fields = parseObject(text);
  const id = parseId(fields['id']);
  const params: unknown = fields['params'];
  switch (fields['method']) {
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      if (params === undefined) throw new ControlError(INVALID_REQUEST, 'Invalid request: missing field `params`', id);
      if (!Array.isArray(params) || !params.every((item): item is string => typeof item === 'string')) {
        throw new ControlError(INVALID_REQUEST, 'Invalid request: params must be a list of stream names', id);
      }
      return { method: fields['method'], streams: params, id };
    case 'LIST_SUBSCRIPTIONS':
      return { method: 'LIST_SUBSCRIPTIONS', id };
    case 'SET_PROPERTY': {
      const [property, value] = propertyOf(params, id);
      if (property !== 'combined') throw unknownProperty(id);
      if (typeof value !== 'boolean') throw new ControlError(INVALID_VALUE, 'Invalid value type: expected Boolean', id);
      return { method: 'SET_PROPERTY', combined: value, id };
    }
    case 'GET_PROPERTY':
      if (propertyOf(params, id)[0] !== 'combined') throw unknownProperty(id);
      return { method: 'GET_PROPERTY', id };
    case undefined:
      throw new ControlError(INVALID_REQUEST, 'Invalid request: method name must be a string', id);
    default:
      throw new ControlError(INVALID_REQUEST, `Invalid request: unknown variant ${String(fields['method'])}`, id);
  }
}

/** A stream name that stands for nothing. */
export function invalidStream(name: string, id: RequestId): ControlError {
  return new ControlError(INVALID_REQUEST, `Invalid request: invalid stream ${name}`, id);
}

/** More streams than one connection may have. */
export function tooManyStreams(limit: number, id: RequestId): ControlError {
  return new ControlError(INVALID_REQUEST, `Invalid request: at most ${limit} streams on one connection`, id);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ControlError(INVALID_JSON, 'Invalid JSON: the text cannot be parsed', null);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ControlError(INVALID_REQUEST, 'Invalid request: send a JSON object', null);
  }
  return parsed as Readonly<Record<string, unknown>>;
}

function parseId(id: unknown): RequestId {
  if (id === undefined || id === null) return null;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
  if (typeof id === 'string' && /^[a-zA-Z0-9-_]{1,36}$/.test(id)) return id;
  throw new ControlError(
    INVALID_REQUEST,
    'Invalid request: request ID must be an unsigned integer or a short string',
    null,
  );
}

function propertyOf(params: unknown, id: RequestId): readonly unknown[] {
  if (Array.isArray(params)) return params as readonly unknown[];
  throw new ControlError(INVALID_REQUEST, 'Invalid request: missing field `params`', id);
}

function unknownProperty(id: RequestId): ControlError {
  return new ControlError(0, 'Unknown property', id);
}
