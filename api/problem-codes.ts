/** Every problem that the API can answer with: HTTP status, title, and what the caller can do. `docs/errors.md` is made from this table. */
export const problemCodes = {
  MALFORMED_JSON: {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send one JSON object with `Content-Type: application/json`.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Check the address and the headers: a path is percent-encoded UTF-8.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'A valid key is needed',
    remedy: 'Send `Authorization: Bearer <key>`; the admin key is in `admin.key` in the home folder.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'The key lacks the role',
    remedy: 'Use a key whose role allows the call.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'No such address',
    remedy: 'See `/docs` for every address.',
  },
  EXECUTION_NOT_FOUND: {
    status: 404,
    title: 'No such execution',
    remedy: 'List the known ones with `GET /v1/executions`.',
  },
  DATASET_NOT_FOUND: {
    status: 404,
    title: 'No such data set',
    remedy: 'List the known ones with `GET /v1/datasets`.',
  },
  DOWNLOAD_NOT_FOUND: {
    status: 404,
    title: 'No such download',
    remedy: 'List the known ones with `GET /v1/datasets/downloads`.',
  },
  BACKTEST_NOT_FOUND: {
    status: 404,
    title: 'No such backtest',
    remedy: 'List the known ones with `GET /v1/backtests`.',
  },
  OPTIMIZATION_NOT_FOUND: {
    status: 404,
    title: 'No such optimisation',
    remedy: 'List the known ones with `GET /v1/optimizations`.',
  },
  SESSION_NOT_FOUND: {
    status: 404,
    title: 'No such session',
    remedy: 'List the known ones with `GET /v1/sessions`.',
  },
  STRATEGY_NOT_FOUND: {
    status: 404,
    title: 'No such strategy',
    remedy: 'List the known ones with `GET /v1/strategies`.',
  },
  HALT_NOT_FOUND: {
    status: 404,
    title: 'No such halt',
    remedy: 'List the known ones with `GET /v1/halts`.',
  },
  KEY_NOT_FOUND: {
    status: 404,
    title: 'No such key',
    remedy: 'List the known ones with `GET /v1/keys`.',
  },
  ORDER_NOT_FOUND: {
    status: 404,
    title: 'No such order',
    remedy: 'List the known ones with `GET /v1/orders`.',
  },
  VENUE_NOT_FOUND: {
    status: 404,
    title: 'No such venue',
    remedy: 'List the known ones with `GET /v1/venues`.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The address does not take this method',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send it again, whole.',
  },
  KEY_NAME_TAKEN: {
    status: 409,
    title: 'A key of this name exists or existed',
    remedy: 'Choose another name.',
  },
  KEY_PROTECTED: {
    status: 409,
    title: 'This key cannot be revoked',
    remedy:
      'Replace the key of `admin.key` by deleting the file and restarting the API; of other admin keys make another one first.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    title: 'The idempotency key belongs to another request',
    remedy: 'Send the same body again, or choose a new key.',
  },
  EXECUTION_ENDED: {
    status: 409,
    title: 'The execution has ended',
    remedy: 'Nothing is left to command; read its report.',
  },
  EXECUTION_OF_SESSION: {
    status: 409,
    title: 'The execution is an order of a trading session',
    remedy: 'Pause, amend or stop the session that `detail` names; its order can be cancelled, not paused or amended.',
  },
  DOWNLOAD_ENDED: {
    status: 409,
    title: 'The download has ended',
    remedy: 'Nothing is left to cancel; read it.',
  },
  DATASET_IN_USE: {
    status: 409,
    title: 'Work that has not ended needs the data set',
    remedy: 'Wait until what `detail` names has ended, or cancel it.',
  },
  BACKTEST_ENDED: {
    status: 409,
    title: 'The backtest has ended',
    remedy: 'Nothing is left to cancel; read it.',
  },
  OPTIMIZATION_ENDED: {
    status: 409,
    title: 'The optimisation has ended',
    remedy: 'Nothing is left to command; read its result or its rows.',
  },
  SESSION_ENDED: {
    status: 409,
    title: 'The session has ended',
    remedy: 'Nothing is left to command; read it, or start another one.',
  },
  STRATEGY_CHANGED: {
    status: 409,
    title: "The session's strategy, its file or one that it imports, is another one now",
    remedy: 'Bring that file back, or stop the session and start one with the new one.',
  },
  LIVE_NOT_CONFIRMED: {
    status: 409,
    title: 'The session would trade real money',
    remedy: 'Read the check list (`POST /v1/sessions/check`), then send the same with `"confirm": "live"`.',
  },
  OPTIMIZATION_CHANGED: {
    status: 409,
    title: 'Data, engine, strategy or seed are no longer those that the optimisation began with',
    remedy: 'Bring back what is named in `errors` and resume, or start it as a new one.',
  },
  NO_RESULT: {
    status: 409,
    title: 'There is no result',
    remedy: 'Wait until it is completed; one that failed or was cancelled has none.',
  },
  REPLAY_DIFFERS: {
    status: 409,
    title: 'It would be no replay of the manifest',
    remedy: 'Bring back what is named in `errors`, or post the `spec` of the manifest to run it as something new.',
  },
  COMMAND_REFUSED: {
    status: 409,
    title: 'The command does not fit now',
    remedy: 'Read the execution, optimisation or session; its status says which commands fit.',
  },
  ORDER_SETTLED: {
    status: 409,
    title: 'The outcome of the order is known',
    remedy: 'Nothing to do: only an order that is `sending` can be settled by hand.',
  },
  ORDER_TOO_YOUNG: {
    status: 409,
    title: 'The platform may still find out by itself what became of the order',
    remedy: 'Read it again two minutes after it was sent.',
  },
  HALT_LIFTED: {
    status: 409,
    title: 'The halt has been lifted already',
    remedy: 'Nothing to do.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 64 KiB; a backtest may have 4 MiB, a file of bars 1 GiB.',
  },
  ADDRESS_TOO_LONG: {
    status: 414,
    title: 'The address is too long',
    remedy: 'Send at most 8192 characters.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body has the wrong media type',
    remedy: 'Send JSON with `Content-Type: application/json`; a file of bars as `text/csv` or `application/gzip`.',
  },
  INVALID_CANDLES: {
    status: 422,
    title: 'The bars cannot be used',
    remedy: 'Correct the lines named in `errors`; nothing was stored.',
  },
  INVALID_BACKTEST: {
    status: 422,
    title: 'The backtest cannot be run as asked',
    remedy: 'Correct each field named in `errors`.',
  },
  INVALID_OPTIMIZATION: {
    status: 422,
    title: 'The optimisation cannot be run as asked',
    remedy: 'Correct each field named in `errors`.',
  },
  INVALID_SESSION: {
    status: 422,
    title: 'The session cannot be started, or changed, as asked',
    remedy: 'Correct each field named in `errors`.',
  },
  BALANCE_TOO_SMALL: {
    status: 422,
    title: 'The account has too little free for the capital',
    remedy: 'Give less `capital`, deposit more, or stop a session that holds it.',
  },
  KEY_WITHOUT_PERMISSION: {
    status: 422,
    title: "The account's key may not trade",
    remedy: 'Give the key the permission at the venue, or use another account.',
  },
  CLOCK_OFF: {
    status: 422,
    title: 'Our clock and that of the venue differ too much',
    remedy: "Set the machine's clock (NTP), then try again.",
  },
  LIMITS_NOT_SET: {
    status: 422,
    title: "The account's risk limits are missing, or do not allow it",
    remedy: 'Set what `detail` names for the venue worker; `GET /v1/limits` shows what holds.',
  },
  UNKNOWN_DATASET: {
    status: 422,
    title: 'The data set is not known',
    remedy: 'Use one of the data sets listed by `GET /v1/datasets`, or import the file.',
  },
  INVALID_DATA: {
    status: 422,
    title: 'The bars of a file cannot be used',
    remedy: 'Correct the lines named in `errors`.',
  },
  EMPTY_RANGE: {
    status: 422,
    title: 'No bar lies in the range',
    remedy: 'Change `from` or `to`, or use other data.',
  },
  TOO_FEW_BARS: {
    status: 422,
    title: 'The strategy needs more bars than there are',
    remedy: 'Give more data, an earlier start of the data, or shorter windows.',
  },
  INVALID_STRATEGY: {
    status: 422,
    title: "The strategy's file cannot be used",
    remedy: 'Correct the file; its default export must be a strategy.',
  },
  STRATEGY_FAILED: {
    status: 422,
    title: 'The strategy threw',
    remedy: 'Correct the line named in `detail`.',
  },
  STRATEGY_STUCK: {
    status: 422,
    title: 'The strategy gave no sign of life and was ended',
    remedy: 'Look for a loop without an end.',
  },
  CHECK_TOO_LONG: {
    status: 422,
    title: 'The check took longer than a caller is kept waiting',
    remedy: 'Give fewer bars with `from` and `to`, or check without the platform: `tradewind backtest check --local`.',
  },
  OUT_OF_MEMORY: {
    status: 422,
    title: 'The run took more memory than one run may',
    remedy: 'Keep less in the strategy, or run fewer bars.',
  },
  INVALID_FIELDS: {
    status: 422,
    title: 'Some fields are missing or not usable',
    remedy: 'Correct each field named in `errors`.',
  },
  INVALID_IDEMPOTENCY_KEY: {
    status: 422,
    title: 'The idempotency key is not usable',
    remedy: 'Send one `Idempotency-Key` of 1 to 200 visible ASCII characters.',
  },
  UNKNOWN_VENUE: {
    status: 422,
    title: 'The venue is not known',
    remedy: 'Use one of the venues listed by `GET /v1/venues`.',
  },
  UNKNOWN_SYMBOL: {
    status: 422,
    title: 'The venue does not trade this symbol',
    remedy: 'Use one of the symbols listed by `GET /v1/venues/{id}`.',
  },
  INVALID_PLAN: {
    status: 422,
    title: 'The execution cannot be carried out as asked',
    remedy: 'Correct each field named in `errors`; times, sizes and prices must fit each other and the instrument.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    remedy:
      'Wait for as many seconds as `Retry-After` says; `TRADEWIND_API_REQUESTS_PER_MINUTE` sets how many a key may send.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    title: 'Too many streams of events',
    remedy: 'Close one, or wait for as many seconds as `Retry-After` says.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send at most 16 KiB of headers.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong on our side',
    remedy: 'Look for the request id in the log of the api process.',
  },
  COMMAND_UNCONFIRMED: {
    status: 503,
    title: 'No worker confirmed the command in time',
    remedy: 'It may still take effect. Read what it was for before sending it again; sending it again is safe.',
  },
  STORE_UNREACHABLE: {
    status: 503,
    title: 'The database does not answer',
    remedy: 'Try again; a start with an `Idempotency-Key` is safe to repeat.',
  },
  TEMPORAL_UNREACHABLE: {
    status: 503,
    title: 'The Temporal server does not answer',
    remedy: 'Try again; what was accepted is started when the server is back.',
  },
  ACCOUNT_NOT_READY: {
    status: 503,
    title: 'The account is not served now, or nobody has read it lately',
    remedy: 'Look at `GET /v1/venues/{id}`; nothing was started. Try again when the account is up.',
  },
  VENUE_UNREACHABLE: {
    status: 503,
    title: 'The venue gives no price',
    remedy: 'Nothing was started. Look at `GET /v1/venues/{id}` and try again.',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ProblemCode = keyof typeof problemCodes;
