import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadEndpoint } from '../../../bench/executions/api-load.ts';
import { inParallel } from '../../../bench/executions/in-parallel.ts';

let server: Server | null = null;
afterEach(() => new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve()))));

async function serving(statusOf: (n: number) => number): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  server = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      answer.writeHead(statusOf(heard.length)).end('{}');
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

describe('an endpoint under load', () => {
  it('is asked with key and body, and counts what was answered with 2xx', async () => {
    const { url, heard } = await serving((n) => (n % 2 === 0 ? 429 : 201));
    const asked = { method: 'POST', path: '/v1/things', body: { a: 1 } } as const;
    const { requestsPerSecond, latencyMs, refused } = await loadEndpoint({ url, key: 'k' }, asked, {
      connections: 2,
      durationMs: 200,
    });
    expect(new Set(heard)).toEqual(new Set(['POST /v1/things Bearer k {"a":1}']));
    expect(latencyMs!.count).toBe(Math.ceil(heard.length / 2));
    expect(refused).toEqual({ 429: Math.floor(heard.length / 2) });
    expect(requestsPerSecond).toBeGreaterThan(0);
  });

  it('that nobody serves counts requests without an answer', async () => {
    const { url } = await serving(() => 200);
    await new Promise((resolve) => server!.close(resolve));
    server = null;
    const { latencyMs, refused } = await loadEndpoint(
      { url, key: 'k' },
      { method: 'GET', path: '/' },
      { connections: 1, durationMs: 50 },
    );
    expect(latencyMs).toBeNull();
    expect(Object.keys(refused)).toEqual(['0']);
  });
});

describe('work in parallel', () => {
  it('does every item once, never more at a time than allowed', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('fails with what fails', async () => {
    await expect(inParallel(2, [1, 2], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
