import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidInput, NoStack } from '../stack/failures.ts';
import { homeLayout } from '../stack/home-layout.ts';
import { ApiRefusal, NoAnswer, type ProblemDocument } from './errors.ts';
import { resolveHome } from './home.ts';
import { stackOf } from './running-stack.ts';

const TIMEOUT_MS = 30_000;
/** Data are read and a search is planned before the answer comes, behind those of others. */
const START_TIMEOUT_MS = 60_000;
const LONG_TIMEOUT_MS = 120_000;
/** A large file is sent, checked and stored before the answer comes; and one that is fetched takes its time. */
const FILE_TIMEOUT_MS = 30 * 60_000;
/** A stream of events shows every 15 s that it lives. */
const STREAM_SILENT_MS = 45_000;
const PAGE = 1000;
/** What a header can carry and the API takes as a key. */
const KEY = /^[!-~]{1,200}$/;

/** A request, and how long its answer may take. */
interface Asked extends RequestInit {
  readonly timeoutMs?: number;
}

type Query = Readonly<Record<string, string | number | undefined>>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Where the API is and the key to it. */
export interface ApiAddress {
  readonly url: string;
  readonly key: string;
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new NoStack(
      `the admin key ${file} cannot be read (${(error as Error).message}); set TRADEWIND_API_KEY to a key`,
    );
  }
}

/** The API of the stack in a home; `TRADEWIND_API_URL` and `TRADEWIND_API_KEY` come first, so that a stack elsewhere can be used too. */
export function apiAddress(home: string | undefined, env: NodeJS.ProcessEnv = process.env): ApiAddress {
  const folder = resolveHome(home, env);
  const url = env['TRADEWIND_API_URL'] || stackOf(folder).api;
  if (!url) throw new NoStack(`the API of the stack in ${folder} does not serve yet`);
  const key = env['TRADEWIND_API_KEY'] || keyIn(homeLayout(folder).adminKeyFile);
  return { url: url.replace(/\/+$/, ''), key };
}

/** The API as the commands use it. Every call throws `ApiRefusal` with the problem document, `NoStack` when nothing is there, or
 * `NoAnswer` when no answer came. */
export class ApiClient {
  private readonly address: ApiAddress;
  private readonly startTimeoutMs: number;

  constructor(address: ApiAddress, startTimeoutMs: number = START_TIMEOUT_MS) {
    this.address = address;
    this.startTimeoutMs = startTimeoutMs;
  }

  get<T>(path: string, query: Query = {}, timeoutMs: number = TIMEOUT_MS): Promise<T> {
    return this.call('GET', withQuery(path, query), { timeoutMs });
  }

  post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.call('POST', path, {
      body: body === undefined ? null : JSON.stringify(body),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
  }

  /**
   * Starts something, under an idempotency key in any case: a start whose answer is lost can be repeated. Throws `NoAnswer` with the key
   * where it may have been accepted.
   *
   * @param what is started, and what it then is once, for that message
   */
  async start<T>(
    path: string,
    body: unknown,
    key: string = randomUUID(),
    what: { readonly noun: string; readonly done: string } = { noun: 'start', done: 'started' },
  ): Promise<T> {
    if (!KEY.test(key)) throw new InvalidInput(`--key ${JSON.stringify(key)}: give 1 to 200 visible ASCII characters`);
    try {
      return await this.call<T>('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        timeoutMs: this.startTimeoutMs,
      });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new NoAnswer(
        `${error.message}; the ${what.noun} may still be accepted: repeat it with --key ${key}, and it is ${what.done} once`,
      );
    }
  }

  /** Asks for what takes minutes and is answered when it is done. */
  postAndWait<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      timeoutMs: LONG_TIMEOUT_MS,
    });
  }

  /** Deletes, however many bars that takes. */
  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path, { timeoutMs: FILE_TIMEOUT_MS });
  }

  /** Sends a file as the body, read as it goes. */
  upload<T>(path: string, query: Query, file: { readonly path: string; readonly type: string }): Promise<T> {
    const body = Readable.toWeb(createReadStream(file.path)) as unknown as NonNullable<RequestInit['body']>;
    return this.call('POST', withQuery(path, query), {
      body,
      headers: { 'content-type': file.type },
      timeoutMs: FILE_TIMEOUT_MS,
      // Node wants to be told that a streamed body is sent whole before the answer is read.
      ...({ duplex: 'half' } as RequestInit),
    });
  }

  /** All items of a paged list, however many pages; `query` narrows it down. */
  async all<T>(path: string, query: Query = {}): Promise<readonly T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.get(path, { ...query, limit: PAGE, cursor });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** Opens an answer that has no end. It is left as soon as nothing has come for longer than the API stays silent. */
  async openStream(
    path: string,
    query: Query,
    headers: Readonly<Record<string, string>>,
    stop?: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const silent = new AbortController();
    const watch = setTimeout(() => silent.abort(), STREAM_SILENT_MS);
    const signal = stop === undefined ? silent.signal : AbortSignal.any([stop, silent.signal]);
    try {
      const response = await this.answerTo('GET', withQuery(path, query), { headers, signal });
      if (!response.ok || response.body === null) throw await this.refusalOf(response);
      return this.watched(Readable.fromWeb(response.body), watch);
    } catch (error) {
      clearTimeout(watch);
      throw error;
    }
  }

  /** The bytes of an answer; a connection that breaks or falls silent is told as one that gave no answer. */
  private async *watched(bytes: AsyncIterable<Uint8Array>, watch: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) {
        watch.refresh();
        yield chunk;
      }
    } catch (error) {
      throw new NoAnswer(`the API at ${this.address.url} broke off a stream: ${(error as Error).message}`);
    } finally {
      clearTimeout(watch);
    }
  }

  /** Writes an answer that is a file to `target`, as it comes. Throws `InvalidInput` when nothing can be written there. */
  async download(path: string, target: string): Promise<void> {
    const response = await this.answerTo('GET', path, { timeoutMs: FILE_TIMEOUT_MS });
    if (!response.ok || response.body === null) throw await this.refusalOf(response);
    try {
      await pipeline(Readable.fromWeb(response.body), createWriteStream(target));
    } catch (error) {
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall !== 'open' && syscall !== 'write') throw error;
      throw new InvalidInput(`${target} cannot be written: ${message}`);
    }
  }

  private async call<T>(method: string, path: string, request: Asked = {}): Promise<T> {
    const response = await this.answerTo(method, path, request);
    if (!response.ok) throw await this.refusalOf(response);
    const answer = (await response.json().catch(() => null)) as T | null;
    if (answer === null) throw new ApiRefusal(response.status, notOurs(this.address.url, response.status));
    return answer;
  }

  private async refusalOf(response: Response): Promise<ApiRefusal> {
    const answer = (await response.json().catch(() => null)) as ProblemDocument | null;
    return new ApiRefusal(response.status, answer ?? notOurs(this.address.url, response.status));
  }

  private async answerTo(
    method: string,
    path: string,
    { timeoutMs = TIMEOUT_MS, ...request }: Asked,
  ): Promise<Response> {
    const { url, key } = this.address;
    try {
      return await fetch(`${url}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
        ...request,
        method,
        headers: { ...(request.headers as Record<string, string>), authorization: `Bearer ${key}` },
      });
    } catch (error) {
      throw failureOf(error as Error, url, timeoutMs);
    }
  }
}

/** Failures of a connection before anything was sent. */
const NEVER_SENT: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** undici gave up the waiting before the signal did. */
const UNDICI_TIMEOUTS: readonly unknown[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** Why there is no answer: nothing is there, or something is and says nothing in time, or it went away on the way. */
function failureOf(error: Error, url: string, timeoutMs: number): Error {
  const cause = error.cause as (Error & { code?: unknown }) | undefined;
  if (error.name === 'TimeoutError' || UNDICI_TIMEOUTS.includes(cause?.code)) {
    return new NoAnswer(`the API at ${url} did not answer in ${timeoutMs / 1000} s`);
  }
  const said = cause instanceof Error ? cause.message : error.message;
  // An AggregateError of several addresses has no message of its own.
  if (cause === undefined || NEVER_SENT.includes(cause.code) || isBadPort(said)) {
    return new NoStack(`nothing answers at ${url}: ${said === '' ? String(cause?.code) : said}`);
  }
  return new NoAnswer(`the API at ${url} went away before it had answered: ${said}`);
}

/** fetch refuses some ports by themselves, and addresses that are none. */
const isBadPort = (said: string): boolean => said === 'bad port' || said.startsWith('Invalid URL');

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function notOurs(url: string, status: number): ProblemDocument {
  return {
    type: 'urn:tradewind:problem:INTERNAL',
    title: 'The answer cannot be read',
    status,
    detail: `${url} answered ${status} with something that is no JSON: is this a Tradewind API?`,
    code: 'INTERNAL',
    errors: [],
  };
}

/** The API of the stack that the options name. */
export function openClient(options: { readonly home?: string }): ApiClient {
  return new ApiClient(apiAddress(options.home));
}
