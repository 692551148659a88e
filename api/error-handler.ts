import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ClientGone } from './client-gone.ts';
import type { ProblemCode } from './problem-codes.ts';
import { Problem, PROBLEM_MEDIA_TYPE } from './problems.ts';

const FRAMEWORK_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_REQUEST',
  FST_ERR_BAD_URL: 'MALFORMED_REQUEST',
  FST_ERR_MAX_PARAM_LENGTH: 'MALFORMED_REQUEST',
};

/** SQLSTATE classes that mean "the database is not there": connection exceptions, resources, operator intervention, system errors. */
const DATABASE_GONE = /^(08|53|57|58)/;
const SOCKET_ERRORS: readonly unknown[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
];

function isDatabaseGone(error: {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly message: string;
}): boolean {
  if (typeof error.code === 'string' && typeof error.severity === 'string') return DATABASE_GONE.test(error.code);
  return (
    SOCKET_ERRORS.includes(error.code) ||
    /connection terminated|timeout exceeded when trying to connect|query read timeout/i.test(error.message)
  );
}

/** A commit whose answer was lost may have happened, so nothing is claimed about it. */
const DATABASE_GONE_DETAIL =
  'The database does not answer. Whether a change was stored is not known: read it before you send it again; a start with an Idempotency-Key is safe to repeat.';

/** The framework does not tell the two apart. */
const NOT_JSON =
  'The body is not JSON, or it has a field "__proto__" or "constructor" with a "prototype", which no body may have.';

/** Turns whatever was thrown into a problem. What nobody foresaw becomes `INTERNAL`, without its message or stack. */
export function problemOf(error: FastifyError | Error, requestId: string): Problem {
  if (error instanceof Problem) return error;
  const code = 'code' in error ? error.code : undefined;
  const known = typeof code === 'string' ? FRAMEWORK_CODES[code] : undefined;
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new Problem('MALFORMED_JSON', NOT_JSON, [], error);
  if (known !== undefined) return new Problem(known, error.message, [], error);
  if (error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400) {
    return new Problem('MALFORMED_JSON', `The body is not JSON: ${error.message}`, [], error);
  }
  if (isDatabaseGone(error)) return new Problem('STORE_UNREACHABLE', DATABASE_GONE_DETAIL, [], error);
  if (
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  ) {
    return new Problem('MALFORMED_REQUEST', error.message, [], error);
  }
  return new Problem('INTERNAL', `The request failed on our side; its id in the log is ${requestId}.`, [], error);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).send(problem.document());
}

/** Fastify's error handler: a problem document for the caller, the cause for the log where the fault is ours. */
export function handleError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ClientGone) {
    request.log.info(error.message);
    return reply.hijack();
  }
  const problem = problemOf(error, String(request.id));
  if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem, code: problem.code }, problem.message);
  return sendProblem(reply, problem);
}

/** Codes of Node's HTTP server for requests that it gives up before anybody sees them. */
const CLIENT_ERRORS: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB together.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request did not arrive in time.'],
};

/** Answers what is no HTTP request at all; nothing but the socket is there to answer on. */
export function handleClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [code, detail] = CLIENT_ERRORS[error.code ?? ''] ?? [
    'MALFORMED_REQUEST',
    'This is not an HTTP request that can be read.',
  ];
  const problem = new Problem(code, detail);
  const body = JSON.stringify(problem.document());
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
