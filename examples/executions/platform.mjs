// What the examples of this folder share: the API of the running stack, and waiting for an execution.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const home = process.env.TRADEWIND_HOME ?? '.tradewind';

/** Addresses and processes of the running stack, as they are now. */
export function stackNow() {
  try {
    return JSON.parse(readFileSync(`${home}/stack.json`, 'utf8'));
  } catch {
    throw new Error(
      `there is no running stack in ${home}: start one with "npm start", or set TRADEWIND_HOME to its home`,
    );
  }
}

/** One request. Throws what the API's problem document says. */
export async function call(method, path, body, headers = {}) {
  const { api, adminKeyFile } = stackNow();
  const key = readFileSync(adminKeyFile, 'utf8').trim();
  const response = await fetch(`${api}/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const document = await response.json();
  if (!response.ok)
    throw new Error([document.title, document.detail, JSON.stringify(document.errors ?? [])].join(': '));
  return document;
}

/** Asks until `isSo` says yes, and gives what it saw then. While the API is away it asks on. */
export async function until(path, isSo) {
  for (;;) {
    const seen = await call('GET', path).catch((error) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
    if (seen !== null && isSo(seen)) return seen;
    await delay(500);
  }
}

/** Waits for the end of an execution and prints what it cost. */
export async function report(id) {
  await until(`/executions/${id}`, ({ status }) => status !== 'running' && status !== 'paused');
  const { status, ordered, filled, residual, avgPrice, shortfall } = await call('GET', `/executions/${id}/report`);
  console.log(`${status}: ${filled} of ${ordered} at ${avgPrice} on average, ${residual} left`);
  console.log(`shortfall ${shortfall.bps ?? 'not known yet'} bps`);
}
