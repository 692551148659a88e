// Starts a TWAP through the HTTP API of a running stack and prints what it cost: node examples/twap.mjs
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const home = process.env.TRADEWIND_HOME ?? '.tradewind';
const stack = JSON.parse(await readFile(`${home}/stack.json`, 'utf8'));
const key = (await readFile(stack.adminKeyFile, 'utf8')).trim();

async function call(method, path, body) {
  const response = await fetch(`${stack.api}/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const document = await response.json();
  if (!response.ok) throw new Error(`${document.title}: ${document.detail}`);
  return document;
}

const { id } = await call('POST', '/executions', {
  algo: 'twap',
  venue: stack.venues[0].id,
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '0.2',
  durationMs: 20_000,
  slices: 10,
});
console.log(`execution ${id} is running for 20 seconds`);

let report = await call('GET', `/executions/${id}/report`);
while (report.status === 'running') {
  await delay(1_000);
  report = await call('GET', `/executions/${id}/report`);
}
console.log(`${report.status}: ${report.filled} of ${report.ordered} BTC at ${report.avgPrice} on average`);
console.log(`shortfall ${report.shortfall.bps} bps, market VWAP ${report.marketVwap}`);
