import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { withLock } from './process-lock.mjs';
import { withProgress } from './progress.mjs';

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(`Node ${process.versions.node} is too old: Tradewind needs ${OLDEST_NODE.join('.')} or newer`);
}

/**
 * Installs the dependencies and builds, each only when missing or stale. Starts from the same checkout wait for one another, so that
 * nobody runs on a half-written node_modules or dist.
 */
export async function ensure() {
  checkNode();
  if (isInstalled(root) && isBuilt(root)) return;
  await withLock(join(root, '.tools', 'setup.lock'), 'setting up this checkout', async () => {
    if (!isInstalled(root)) await withProgress('installing dependencies (npm ci)', () => install(root));
    if (!isBuilt(root)) await withProgress('building', () => build(root));
  });
}

/** `ensure` for an entry script: a failure is one line on stderr and exit code 1. */
export async function ensureOrExit() {
  try {
    await ensure();
  } catch (error) {
    process.stderr.write(`tradewind: ${error.message}\n`);
    process.exit(1);
  }
}
