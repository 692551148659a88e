/**
 * Loaded into every Node child of the stack before its own code (`node --import`). The child's stdin is a pipe from the
 * supervisor: when it closes, the supervisor is gone, however it died, and the child drains instead of living on unseen.
 */
import { isMainThread } from 'node:worker_threads';

/** Longer than the drain of any child. */
const LAST_RESORT_MS = 60_000;

if (isMainThread) {
  process.stdin.once('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
  });
  process.stdin.resume();
  // Watching must not keep a child alive that has nothing else to do.
  (process.stdin as typeof process.stdin & { unref?: () => void }).unref?.();
}
