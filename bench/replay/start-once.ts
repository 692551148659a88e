import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../bin/terminal/client.ts';
import { ApiRefusal } from '../../bin/terminal/errors.ts';

const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;

/** Starts a session as soon as its account is known, which on a stack that has just come up takes some seconds; answers its id. */
export async function startOnce(client: Pick<ApiClient, 'start'>, spec: object): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return (await client.start<{ readonly id: string }>('/v1/sessions', spec)).id;
    } catch (error) {
      const isEarly = error instanceof ApiRefusal && error.document.code === 'ACCOUNT_NOT_READY';
      if (!isEarly || Date.now() > deadline) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
