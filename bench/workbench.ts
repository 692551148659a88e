import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../bin/terminal/home.ts';
import { BarSource } from './bars.ts';
import { describeMachine, lastAllowedCore, type Machine } from './machine.ts';
import { peerPython, SERVE_PEERS } from './peers/python-environment.ts';
import { Runner } from './runner.ts';

const THREAD_SETTINGS = [
  'NUMBA_NUM_THREADS',
  'RAYON_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
];
const QUIET = { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', TQDM_DISABLE: '1' };

/** What benchmarks are made with: bars, our own process and the peers' one, all on one core unless they work on several threads. */
export interface Workbench {
  readonly machine: Machine;
  readonly bars: BarSource;
  readonly scratch: string;
  /** A new process that runs our side, in which nothing has been compiled yet. */
  startOurs(): Runner;
  /** A new process that runs the peers; `null` where they cannot be had. */
  startPeers(): Runner | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

export interface WorkbenchOptions {
  /** Folder of market data; `null` for bars that are made up. */
  readonly data: string | null;
  /** Packages of the peers that are needed. */
  readonly packages: readonly string[];
  /** Threads of each program. With one, which is the default, all are tied to the same core: what is compared is programs, not the number of cores they take. */
  readonly threads?: number;
  readonly say: (line: string) => void;
}

/** Gives `work` a workbench and clears it away afterwards. Without Python or network there are no peers, and `say` is told why. */
export async function withWorkbench<Result>(
  { data, packages, threads = 1, say }: WorkbenchOptions,
  work: (workbench: Workbench) => Promise<Result>,
): Promise<Result> {
  const pinnedCore = threads === 1 && canPin() ? lastAllowedCore() : null;
  const environment = { ...QUIET, ...Object.fromEntries(THREAD_SETTINGS.map((name) => [name, String(threads)])) };
  const machine = describeMachine(pinnedCore);
  const root = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
  const runners: Runner[] = [];
  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Runner => {
    const runner = new Runner({ program, args, env: { ...process.env, ...env }, pinnedCore });
    runners.push(runner);
    return runner;
  };
  try {
    const found =
      packages.length === 0
        ? null
        : await findPeers(packages, say, (program, args) => start(program, args, environment));
    if (threads === 1 && pinnedCore === null) say('there is no taskset here: the work is not tied to one core');
    return await work({
      machine,
      bars: new BarSource(root, data),
      scratch: root,
      startOurs: () => start(process.execPath, [join(projectRoot(), 'dist', 'bench', 'ours', 'serve.js')], {}),
      startPeers: () => (found === null ? null : start(found.python, [SERVE_PEERS], environment)),
      versions: found?.versions ?? {},
      say,
    });
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
    await rm(root, { recursive: true, force: true });
  }
}

async function findPeers(
  packages: readonly string[],
  say: (line: string) => void,
  start: (program: string, args: readonly string[]) => Runner,
): Promise<{ readonly python: string; readonly versions: Readonly<Record<string, string>> } | null> {
  try {
    const python = await peerPython(say);
    const runner = start(python, [SERVE_PEERS]);
    const versions = await runner.versions(packages);
    await runner.close();
    return { python, versions };
  } catch (error) {
    say(`without peers: ${(error as Error).message}`);
    return null;
  }
}

function canPin(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
}
