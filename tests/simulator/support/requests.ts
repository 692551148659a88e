import { createHmac } from 'node:crypto';
import { API_KEY, API_SECRET } from './running-venue.ts';

/** What a venue answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The shape is what the test is about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** A public request. */
export async function publicRequest(rest: string, path: string): Promise<Answered> {
  return answered(await fetch(`${rest}${path}`));
}

/** A request signed the way Binance documents it, by code of its own: parameters in the query, or in the body of a POST. */
export async function signedRequest(
  rest: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  parameters: Readonly<Record<string, string | number>>,
  override: { readonly timestamp?: number; readonly apiKey?: string; readonly secret?: string } = {},
): Promise<Answered> {
  const pairs = Object.entries({ ...parameters, timestamp: override.timestamp ?? Date.now() });
  const payload = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const signature = createHmac('sha256', override.secret ?? API_SECRET)
    .update(payload)
    .digest('hex');
  const signed = `${payload}&signature=${signature}`;
  const headers = { 'X-MBX-APIKEY': override.apiKey ?? API_KEY };
  if (method !== 'POST') return answered(await fetch(`${rest}${path}?${signed}`, { method, headers }));
  const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' };
  return answered(await fetch(`${rest}${path}`, { method: 'POST', headers: form, body: signed }));
}

/** A request to the admin interface with a JSON body. */
export async function adminRequest(admin: string, method: string, path: string, body?: unknown): Promise<Answered> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return answered(await fetch(`${admin}${path}`, init));
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : null,
  };
}
