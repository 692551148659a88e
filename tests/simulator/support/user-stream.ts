import { createHmac } from 'node:crypto';
import { API_KEY, API_SECRET, type RunningVenue } from './running-venue.ts';
import { type Message, StreamClient } from './stream-client.ts';

/** Parameters of a request signed as the WebSocket API documents it, by code of its own: over all of them, sorted by name. */
export function signedParameters(
  parameters: Readonly<Record<string, string | number>> = {},
  override: { readonly apiKey?: string; readonly secret?: string; readonly timestamp?: number } = {},
): Readonly<Record<string, string | number>> {
  const all = { apiKey: override.apiKey ?? API_KEY, timestamp: override.timestamp ?? Date.now(), ...parameters };
  const payload = Object.entries(all)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = createHmac('sha256', override.secret ?? API_SECRET)
    .update(payload)
    .digest('hex');
  return { ...all, signature };
}

export async function openApi({ server }: Pick<RunningVenue, 'server'>): Promise<StreamClient> {
  return StreamClient.open(`${server.addresses.ws}/ws-api/v3`);
}

/** A client that hears of the account. */
export async function subscribeUser(venue: Pick<RunningVenue, 'server'>): Promise<StreamClient> {
  const client = await openApi(venue);
  const answer: Message = await client.ask({
    id: 'subscribe',
    method: 'userDataStream.subscribe.signature',
    params: signedParameters(),
  });
  if (answer.status !== 200) throw new Error(`the subscription was refused: ${JSON.stringify(answer)}`);
  return client;
}
