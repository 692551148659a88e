import { execFileSync, spawnSync } from 'node:child_process';
import type { Launch } from './service.ts';

const NAME = 'postgres';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL runs as: `null` for the present user; for root, whom PostgreSQL refuses, the system user `postgres`, who is
 * created when missing. Throws when that cannot be done.
 */
export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const existing = lookUp();
  if (existing !== null) return existing;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (error) {
    throw new Error(
      `PostgreSQL does not run as root and the user "${NAME}" could not be created (${(error as Error).message}). ` +
        'Run as another user, or set DATABASE_URL to a PostgreSQL server.',
      { cause: error },
    );
  }
  const created = lookUp();
  if (created === null) throw new Error(`the user "${NAME}" was created and cannot be found`);
  return created;
}

function lookUp(): SystemUser | null {
  const id = (flag: string) => spawnSync('id', [flag, NAME], { encoding: 'utf8' });
  const [uid, gid] = [id('-u'), id('-g')];
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

/**
 * How to run a PostgreSQL program as that user. A checkout or home below a folder that only root may enter (`/root` is one) is
 * out of the user's reach; then the program keeps the one right to pass by file permissions, and nothing else of root.
 */
export function launchAs(
  user: SystemUser | null,
  program: string,
  args: readonly string[],
  reach: readonly string[],
): Pick<Launch, 'command' | 'args' | 'runAs'> {
  if (user === null) return { command: program, args };
  if ([program, ...reach].every((path) => canEnter(user, path))) return { command: program, args, runAs: user };
  const capability = '+dac_override';
  const identity = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  // Without this bit the kernel's access(2), which initdb asks about itself, would answer as if the right were not there.
  const securebits = ['--securebits', '+no_setuid_fixup'];
  const rights = ['--inh-caps', capability, '--ambient-caps', capability];
  if (spawnSync('setpriv', [...identity, ...securebits, ...rights, program, '--version']).status !== 0) {
    throw new Error(
      `the user "${NAME}" cannot reach ${[program, ...reach].join(' or ')}. Put the project and its home into folders that others ` +
        'may enter, run as another user, or set DATABASE_URL to a PostgreSQL server.',
    );
  }
  return { command: 'setpriv', args: [...identity, ...securebits, ...rights, program, ...args] };
}

function canEnter(user: SystemUser, path: string): boolean {
  return spawnSync('test', ['-x', path], user).status === 0;
}
