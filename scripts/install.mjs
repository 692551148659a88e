import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const MACHINE = `${process.platform}-${process.arch}`;

/** What an installation depends on: the machine that native packages were chosen for, and the lock file. */
function wantedInstall(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${MACHINE} ${lock}`;
}

const stampOf = (root) => join(root, 'node_modules', '.tradewind-install');

/** Whether npm's own record of what it put into node_modules agrees with package-lock.json. */
function matchesHiddenLock(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other systems are in the lock and rightly not on the disk.
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Whether node_modules is what package-lock.json asks for, on this machine. Remembers a positive answer in a stamp file. */
export function isInstalled(root) {
  const wanted = wantedInstall(root);
  const stamp = stampOf(root);
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
  if (found === wanted) return true;
  if (found !== null && !found.startsWith(`${MACHINE} `)) return false;
  // An `npm install` by hand leaves no stamp of ours; it must not be thrown away when it is right.
  if (!matchesHiddenLock(root)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** Installs the packages of package-lock.json, development packages included: the build needs them. */
export async function install(root) {
  const wanted = wantedInstall(root);
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Inside `npm start` the npm that runs us is known; otherwise the one on the PATH.
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /\.c?js$/.test(npm)) await run(process.execPath, [npm, ...args], { cwd: root });
  else await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: root });
  writeFileSync(stampOf(root), wanted);
}
