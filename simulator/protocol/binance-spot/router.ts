import { accountEndpoints } from './account.ts';
import type { Endpoint } from './endpoint.ts';
import { exchangeInfoEndpoints } from './exchange-info.ts';
import { marketDataEndpoints } from './market-data.ts';
import { orderEndpoints } from './orders.ts';

const endpoints = new Map<string, Endpoint>(
  Object.entries({ ...marketDataEndpoints, ...exchangeInfoEndpoints, ...orderEndpoints, ...accountEndpoints }),
);
const paths = new Set([...endpoints.keys()].map((key) => key.split(' ')[1]));

/** The endpoint for a request; `wrong-method` when the path has others only, `unknown` when there is no such path. */
export function findEndpoint(method: string, path: string): Endpoint | 'wrong-method' | 'unknown' {
  const endpoint = endpoints.get(`${method} ${path}`);
  if (endpoint !== undefined) return endpoint;
  return paths.has(path) ? 'wrong-method' : 'unknown';
}
