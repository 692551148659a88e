/**
 * An answer that refuses a request, with the code and the text that Binance itself uses.
 * @see https://github.com/binance/binance-spot-api-docs/blob/master/errors.md
 */
export class BinanceError extends Error {
  readonly code: number;
  readonly httpStatus: number;
  /** Seconds to wait, sent as `Retry-After`; `null` sends none. */
  readonly retryAfterSeconds: number | null;

  constructor(code: number, message: string, httpStatus = 400, retryAfterSeconds: number | null = null) {
    super(message);
    this.name = 'BinanceError';
    this.code = code;
    this.httpStatus = httpStatus;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const INSUFFICIENT_BALANCE = 'Account has insufficient balance for requested action.';

/** The refusals that this venue gives, by what is wrong. */
export const refuse = {
  unknown: () => new BinanceError(-1000, 'An unknown error occurred while processing the request.', 500),
  disconnected: () => new BinanceError(-1001, 'Internal error; unable to process your request. Please try again.', 500),
  tooMuchWeight: (limit: number, retryAfterSeconds: number) =>
    new BinanceError(
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
      429,
      retryAfterSeconds,
    ),
  tooManyRequests: (retryAfterSeconds: number) =>
    new BinanceError(-1003, 'Too many requests; please use the websocket for live updates.', 429, retryAfterSeconds),
  banned: (until: number, retryAfterSeconds: number) =>
    new BinanceError(
      -1003,
      `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`,
      418,
      retryAfterSeconds,
    ),
  timedOut: () =>
    new BinanceError(
      -1007,
      'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
      408,
    ),
  tooManyOrders: (limit: number, interval: string) =>
    new BinanceError(-1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`, 429),
  filter: (name: string) => new BinanceError(-1013, `Filter failure: ${name}`),
  quoteQuantityUnsupported: () =>
    new BinanceError(-1013, 'Quote order qty market orders are not support for this symbol.'),
  timestampTooOld: () => new BinanceError(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  timestampAhead: () => new BinanceError(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  signature: () => new BinanceError(-1022, 'Signature for this request is not valid.'),
  unsupported: () => new BinanceError(-1020, 'This operation is not supported.'),
  illegalCharacters: (parameter: string, range: string) =>
    new BinanceError(-1100, `Illegal characters found in parameter '${parameter}'; legal range is '${range}'.`),
  repeatedParameter: () => new BinanceError(-1101, 'Duplicate values for a parameter detected.'),
  mandatory: (parameter: string) =>
    new BinanceError(-1102, `Mandatory parameter '${parameter}' was not sent, was empty/null, or malformed.`),
  oneOf: (first: string, second: string) =>
    new BinanceError(-1102, `Param '${first}' or '${second}' must be sent, but both were empty/null!`),
  unread: (read: number, sent: number) =>
    new BinanceError(-1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`),
  empty: (parameter: string) => new BinanceError(-1105, `Parameter '${parameter}' was empty.`),
  notRequired: (parameter: string) => new BinanceError(-1106, `Parameter '${parameter}' sent when not required.`),
  precision: (parameter: string) => new BinanceError(-1111, `Parameter '${parameter}' has too much precision.`),
  timeInForce: () => new BinanceError(-1115, 'Invalid timeInForce.'),
  orderType: () => new BinanceError(-1116, 'Invalid orderType.'),
  side: () => new BinanceError(-1117, 'Invalid side.'),
  interval: () => new BinanceError(-1120, 'Invalid interval.'),
  symbol: () => new BinanceError(-1121, 'Invalid symbol.'),
  lookupTooLong: (hours: number) => new BinanceError(-1127, `More than ${hours} hours between startTime and endTime.`),
  badCombination: () => new BinanceError(-1128, 'Combination of optional parameters invalid.'),
  invalid: (parameter: string) => new BinanceError(-1130, `Data sent for parameter '${parameter}' is not valid.`),
  insufficientBalance: () => new BinanceError(-2010, INSUFFICIENT_BALANCE),
  duplicateOrder: () => new BinanceError(-2010, 'Duplicate order sent.'),
  disabled: () => new BinanceError(-2010, 'This action is disabled on this account.'),
  marketClosed: () => new BinanceError(-2010, 'Market is closed.'),
  wouldTake: () => new BinanceError(-2010, 'Order would immediately match and take.'),
  wouldTrigger: () => new BinanceError(-2010, 'Stop price would trigger immediately.'),
  typeNotOffered: (type: string) => new BinanceError(-2010, `${type} orders are not supported for this symbol.`),
  cancelUnknown: () => new BinanceError(-2011, 'Unknown order sent.'),
  noSuchOrder: () => new BinanceError(-2013, 'Order does not exist.'),
  alreadySubscribed: () => new BinanceError(-2035, 'User Data Stream subscription already active.'),
  notSubscribed: () => new BinanceError(-2036, 'User Data Stream subscription not active.'),
  keyFormat: () => new BinanceError(-2014, 'API-key format invalid.', 401),
  key: () => new BinanceError(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
} as const;
