import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../../bin/terminal/client.ts';
import { exitCodeOf, isPassing, problemDocument } from '../../../bin/terminal/errors.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
});

/** An API that does this with every request. */
async function apiThat(
  does: (headers: Record<string, unknown>, reply: { end(text: string): void; destroy(): void }, url: string) => void,
): Promise<string> {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => does(request.headers, response, request.url ?? ''));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clientOf = (url: string, startTimeoutMs?: number): ApiClient => new ApiClient({ url, key: 'k' }, startTimeoutMs);

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  const { code, detail } = problemDocument(error);
  return { code, detail, exitCode: exitCodeOf(error), isPassing: isPassing(error) };
}

describe('a list', () => {
  it('is asked for page after page, narrowed down in the same way', async () => {
    const asked: string[] = [];
    const url = await apiThat((_headers, reply, path) => {
      asked.push(path);
      reply.end(JSON.stringify(asked.length === 1 ? { items: [1, 2], next: 'c1' } : { items: [3], next: null }));
    });
    expect(await clientOf(url).all('/v1/things', { search: 'BTC/USDT' })).toEqual([1, 2, 3]);
    expect(asked).toEqual([
      '/v1/things?search=BTC%2FUSDT&limit=1000',
      '/v1/things?search=BTC%2FUSDT&limit=1000&cursor=c1',
    ]);
  });
});

describe('a start', () => {
  it('goes out under the key that was given, or one of its own', async () => {
    const keys: unknown[] = [];
    const url = await apiThat((headers, reply) => {
      keys.push(headers['idempotency-key']);
      reply.end('{}');
    });
    await clientOf(url).start('/v1/things', {}, 'mine');
    await clientOf(url).start('/v1/things', {});
    await clientOf(url).start('/v1/things', {});
    expect(keys[0]).toBe('mine');
    expect(keys.slice(1)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), expect.stringMatching(/^[\da-f-]{36}$/)]);
    expect(new Set(keys).size).toBe(3);
  });

  it('that is not answered in time says that it may be accepted, and how to repeat it', async () => {
    const url = await apiThat(() => undefined);
    expect(await failureOf(clientOf(url, 100).start('/v1/things', {}, 'mine'))).toEqual({
      code: 'NO_ANSWER',
      exitCode: 1,
      isPassing: true,
      detail: `the API at ${url} did not answer in 0.1 s; the start may still be accepted: repeat it with --key mine, and it is started once`,
    });
  });

  it('is not sent under a key that no header can carry', async () => {
    for (const key of ['', 'a\nb', 'Schlüssel', 'k'.repeat(201)]) {
      const { code, detail } = await failureOf(clientOf('http://127.0.0.1:1').start('/v1/things', {}, key));
      expect([code, detail]).toEqual(['INVALID_INPUT', expect.stringContaining(`--key ${JSON.stringify(key)}`)]);
    }
  });

  it('whose connection breaks before the answer says so too', async () => {
    const url = await apiThat((_headers, reply) => reply.destroy());
    const { code, detail } = await failureOf(clientOf(url).start('/v1/things', {}, 'mine'));
    expect(code).toBe('NO_ANSWER');
    expect(detail).toMatch(/went away before it had answered.*repeat it with --key mine/);
  });

  it('that nobody hears is no stack: nothing was sent', async () => {
    const url = await apiThat(() => undefined);
    await new Promise((resolve) => server!.close(resolve));
    server = undefined;
    const { code, exitCode, detail } = await failureOf(clientOf(url).start('/v1/things', {}));
    expect([code, exitCode]).toEqual(['NO_STACK', 5]);
    expect(detail).not.toContain('--key');
  });
});

describe('a file from the API', () => {
  it('that cannot be written where it should go is bad input', async () => {
    const url = await apiThat((_headers, reply) => reply.end('rows'));
    const nowhere = join(tmpdir(), 'tradewind-no-such-folder', 'rows.csv');
    for (const target of [nowhere, tmpdir()]) {
      const { code, detail, exitCode } = await failureOf(clientOf(url).download('/v1/rows', target));
      expect([code, exitCode, detail]).toEqual(['INVALID_INPUT', 2, expect.stringContaining(`${target} cannot be`)]);
    }
  });
});
