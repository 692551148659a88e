import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { writeJson } from './atomic-file.ts';
import { takeLock } from './process-lock.ts';

const LOOPBACK = '127.0.0.1';
const HIGHEST_PORT = 65_535;
const PROBE_TIMEOUT_MS = 500;

/** Gives out the ports of one stack. */
export interface PortBook {
  /**
   * The port for `name`: the one that this home had last time when it is free, else `preferred`, else the next free one above.
   * The same name gets the same port for as long as this process lives.
   */
  claim(name: string, preferred: number): Promise<number>;
  /** Gives all ports back for others to choose. */
  release(): void;
}

/**
 * A port book that remembers its choices in `file`, so that a stack comes back at its old addresses. Each claim is also noted
 * for all stacks of this user on this machine: two that start at once never choose the same port, and a port stays ours
 * while its process is being restarted.
 */
export function openPortBook(file: string, say: (line: string) => void): PortBook {
  const remembered = readPorts(file);
  const claimed = new Map<string, { port: number; release: () => void }>();
  const claims = join(tmpdir(), `tradewind-ports-${userInfo().uid}`);

  async function tryClaim(port: number): Promise<(() => void) | null> {
    const lock = takeLock(join(claims, String(port)));
    if (!lock.held) return null;
    if (await isFree(port)) return lock.release;
    lock.release();
    return null;
  }

  async function choose(name: string, first: number): Promise<{ port: number; release: () => void }> {
    for (let port = first; port <= HIGHEST_PORT; port += 1) {
      const release = await tryClaim(port);
      if (release === null) continue;
      if (port !== first) say(`port ${first} for ${name} is taken: using ${port}`);
      return { port, release };
    }
    throw new Error(`no free port for ${name} from ${first} up`);
  }

  return {
    async claim(name, preferred) {
      const known = claimed.get(name);
      if (known !== undefined) return known.port;
      const choice = await choose(name, remembered[name] ?? preferred);
      claimed.set(name, choice);
      remembered[name] = choice.port;
      writeJson(file, remembered);
      return choice.port;
    },
    release() {
      for (const { release } of claimed.values()) release();
      claimed.clear();
    },
  };
}

function readPorts(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

/** Whether nobody listens on this loopback port. */
async function isFree(port: number): Promise<boolean> {
  // Some systems let a loopback listener in beside a wildcard one, so a successful bind alone proves too little.
  return !(await answers(port)) && (await canListen(port));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port, timeout: PROBE_TIMEOUT_MS });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
