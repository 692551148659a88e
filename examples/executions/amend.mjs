// A TWAP that waits at the touch before it crosses, at times that nobody can guess, and that is made larger while it runs: node examples/executions/amend.mjs
import { call, report, stackNow, until } from './platform.mjs';

const { id } = await call('POST', '/executions', {
  algo: 'twap',
  venue: stackNow().venues[0].id,
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '0.2',
  durationMs: 40_000,
  slices: 8,
  jitterTime: 0.5,
  jitterSize: 0.3,
  style: 'maker-first',
  crossAfter: 0.6,
});
console.log(`execution ${id}: 0.2 BTC in 8 slices within 40 s, maker first`);

const before = await until(`/executions/${id}`, ({ filled }) => Number(filled) > 0);
console.log(`${before.filled} are filled; now it shall be 0.3 in all, and never above 5 % over the mid of the start`);
const limit = (Number(before.decision) * 1.05).toFixed(2);
const amended = await call('POST', `/executions/${id}/amend`, { quantity: '0.3', limit });
console.log(`quantity ${amended.quantity}, limit ${amended.limit}, end ${amended.endAt}`);

await report(id);
const { items } = await call('GET', `/executions/${id}/slices`);
for (const { n, latenessMs, target, quantity } of items) {
  console.log(`slice ${n}: target ${target}, ${quantity ?? 'nothing'} in orders, ${latenessMs ?? '-'} ms late`);
}
