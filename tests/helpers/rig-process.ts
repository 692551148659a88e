import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist');
const FOLLOW_PARENT = pathToFileURL(join(DIST, 'bin', 'stack', 'follow-parent.js')).href;
const READY = 'tradewind:ready ';
const LAST_WORDS = 40;

interface Program {
  /** Path below `dist`. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** One of our own programs, started and killed by a test alone: nothing restarts it. */
export class RigProcess {
  readonly #program: Program;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #output: string[] = [];

  constructor(program: Program) {
    this.#program = program;
  }

  /** Starts it and resolves once it serves. Throws with its last words when it ends instead. */
  async start(): Promise<void> {
    if (this.#child !== null) throw new Error(`${this.#program.entry} runs already`);
    const file = join(DIST, this.#program.entry);
    if (!existsSync(file)) throw new Error(`dist/${this.#program.entry} is missing: run "npm run build"`);
    this.#output.push('--- started');
    // Its stdin is a pipe from here: a test run that is killed leaves no process behind.
    const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, file, ...(this.#program.args ?? [])], {
      env: this.#program.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      child.once('close', () => {
        this.#child = null;
        resolve();
      });
    });
    const ready = new Promise<true>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith(READY)) resolve(true);
        else this.#say(line);
      });
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.#say(line));
    if ((await Promise.race([ready, this.#ended])) === true) return;
    throw new Error(`${this.#program.entry} did not come up:\n${this.output()}`);
  }

  /** `kill -9` by pid; resolves when the process is gone. */
  async kill(): Promise<void> {
    process.kill(this.pid(), 'SIGKILL');
    await this.#ended;
  }

  /** Tells it to end; resolves when it has ended what it was at and is gone. */
  async drain(): Promise<void> {
    process.kill(this.pid(), 'SIGTERM');
    await this.#ended;
  }

  /** Stops it as it is, with all its connections open, until `wake`. */
  freeze(): void {
    process.kill(this.pid(), 'SIGSTOP');
  }

  wake(): void {
    process.kill(this.pid(), 'SIGCONT');
  }

  pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.#program.entry} does not run`);
    return this.#child.pid;
  }

  isRunning(): boolean {
    return this.#child !== null;
  }

  /** Its last lines, over all of its lives. */
  output(): string {
    return this.#output.join('\n');
  }

  #say(line: string): void {
    this.#output = [...this.#output, line].slice(-LAST_WORDS);
  }
}
