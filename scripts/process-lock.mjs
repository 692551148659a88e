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

function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
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
    const holder = holderOf(file);
    if (holder && startOf(holder.pid) === holder.startedAt) return { held: false, holder };
    const stale = `${file}.stale.${process.pid}`;
    try {
      renameSync(file, stale);
      rmSync(stale, { force: true });
    } catch {
      // Somebody else took the stale lock away first: the next attempt sees the new state.
    }
    return { held: false, holder: null };
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
