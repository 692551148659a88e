import { Agent, request } from 'node:http';
import type { ApiAddress } from '../../bin/terminal/client.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

/** A request that is made again and again. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** What an endpoint did under load. */
export interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Of those that were answered as they should be, in ms; `null` when none was. */
  readonly latencyMs: Quantiles | null;
  /** Answers other than 2xx, by status; a request without an answer counts under 0. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly connections: number;
  readonly durationMs: DurationMs;
}

/**
 * Puts an endpoint under load: each connection sends its next request as soon as it has the answer to the one before. Only answers with 2xx count
 * as requests done.
 */
export async function loadEndpoint(
  { url, key }: ApiAddress,
  { method, path, body }: LoadRequest,
  { connections, durationMs }: LoadOptions,
): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const text = body === undefined ? undefined : JSON.stringify(body);
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - began < durationMs) {
      const sentAt = performance.now();
      const status = await statusOf(agent, `${url}${path}`, method, key, text);
      if (status >= 200 && status < 300) latencies.push(performance.now() - sentAt);
      else refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return { requestsPerSecond: latencies.length / seconds, latencyMs: quantilesOf(latencies), refused };
}

function statusOf(agent: Agent, url: string, method: string, key: string, body: string | undefined): Promise<number> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve) => {
    const asked = request(url, { agent, method, headers }, (answer) => {
      // An answer counts once it is there in full.
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', () => resolve(0));
    });
    asked.once('error', () => resolve(0));
    asked.end(body);
  });
}
