import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './progress.mjs';

const POLL_MS = 200;

/**
 * When a process began, as text that no other process with the same pid shares: a pid alone is reused after a crash or a
 * reboot. `null` when there is no such process.
 */
function startOf(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** The live process that holds the lock, or `null`. */
function liveHolder(file) {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    return startOf(holder.pid) === holder.startedAt ? holder : null;
  } catch {
    return null;
  }
}

/** Removes a lock whose process is gone; puts back what turns out to be the fresh lock of a faster start. */
function moveAway(file) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (liveHolder(aside) !== null) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/** Takes the lock or answers who holds it. A lock whose process is gone is taken over. */
function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
  try {
    // A hard link appears with its content in one step, so nobody ever reads a half-written lock.
    linkSync(own, file);
    return { held: true };
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = liveHolder(file);
    if (holder === null) moveAway(file);
    return { held: false, holder };
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` while holding the lock `file`; waits, and says so once, while another live process holds it. */
export async function withLock(file, what, work) {
  let told = false;
  for (;;) {
    const attempt = tryLock(file);
    if (attempt.held) break;
    if (attempt.holder && !told) {
      say(`tradewind: waiting for process ${attempt.holder.pid}, which is ${what}`);
      told = true;
    }
    await delay(attempt.holder ? POLL_MS : 0);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
