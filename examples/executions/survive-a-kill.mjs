// Kills the venue worker while it trades, and has the exchange's own ledger say whether anything came of it: node examples/executions/survive-a-kill.mjs
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, report, stackNow, until } from './platform.mjs';

const program = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'bin', 'tradewind.mjs');

const { id } = await call('POST', '/executions', {
  algo: 'twap',
  venue: stackNow().venues[0].id,
  symbol: 'BTC/USDT',
  side: 'sell',
  quantity: '0.2',
  durationMs: 30_000,
  slices: 10,
});
await until(`/executions/${id}`, ({ filled }) => Number(filled) > 0);

const victim = stackNow().processes.find(({ name }) => name === 'venue');
process.kill(victim.pid, 'SIGKILL');
console.log(`killed the venue worker, process ${victim.pid}, in the middle of execution ${id}`);

await report(id);
console.log(`restarts of the venue worker: ${stackNow().processes.find(({ name }) => name === 'venue').restarts}`);
const { status } = spawnSync(process.execPath, [program, 'verify', id], { stdio: 'inherit' });
process.exitCode = status ?? 1;
