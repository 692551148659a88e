/**
 * Ends the server of a test when the test's process is gone, however it went: `node server-guard.mjs SIGNAL FOLDER`, with the server's pids on
 * stdin, one a line and 0 for none. When stdin closes, the last one gets the signal, and the folder is removed once it has ended.
 */
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';

const [signal, folder] = process.argv.slice(2);
const GRACE_MS = 10_000;
const POLL_MS = 50;
let pid = 0;

// Whoever ends all processes of a terminal must not end this one first.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);
for await (const line of createInterface({ input: process.stdin })) pid = Number(line);
if (pid > 0) {
  const end = (how) => {
    try {
      return process.kill(pid, how);
    } catch {
      return false;
    }
  };
  const deadline = performance.now() + GRACE_MS;
  for (let alive = end(signal); alive && performance.now() < deadline; alive = end(0)) await delay(POLL_MS);
  end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
