import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LogFile } from './log-file.ts';
import type { RunningProcess, Service } from './service.ts';

const READY_PREFIX = 'tradewind:ready';
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
/** A process that lived this long has proved itself: its next restart starts from the shortest wait again. */
const PROVEN_MS = 30_000;
/** How often a process may fail before it was ever ready until the start of the stack is given up. */
const START_ATTEMPTS = 3;
const LAST_WORDS = 12;
const LAST_WORDS_WAIT_MS = 200;

export interface SupervisorEvents {
  /** Something that `stack.json` shows has changed. */
  changed(): void;
  say(line: string): void;
}

/** One child process that is kept running until it is stopped. */
export class SupervisedProcess {
  readonly service: Service;
  readonly #log: LogFile;
  readonly #events: SupervisorEvents;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #stopping = new AbortController();
  #ready = false;
  #restarts = 0;
  #backoffMs = FIRST_BACKOFF_MS;
  #lastWords: string[] = [];

  constructor(service: Service, log: LogFile, events: SupervisorEvents) {
    this.service = service;
    this.#log = log;
    this.#events = events;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /**
   * Starts the process and resolves once it serves; from then on it is restarted whenever it dies. Throws, with the process's last
   * words, when it dies or stays unready several times in a row.
   */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#stopping.signal.aborted) throw new Error(`${this.service.name} was stopped before it was ready`);
      const failure = await this.#runOnce();
      if (failure === null) return;
      if (this.#stopping.signal.aborted) continue;
      if (attempt === START_ATTEMPTS) throw new Error(this.#describe(failure));
      this.#events.say(`${this.service.name} ${failure}; trying again`);
      await this.#wait();
    }
  }

  /** Drains the process: its stop signal, then SIGKILL after its time is up. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { stopSignal, stopWithinMs, name } = this.service;
    const child = this.#child;
    if (child === null) return;
    child.kill(stopSignal);
    const late = setTimeout(() => {
      this.#events.say(`${name} did not stop within ${stopWithinMs / 1000} s: killing it`);
      child.kill('SIGKILL');
    }, stopWithinMs);
    await this.#exited;
    clearTimeout(late);
  }

  /** Kills the process at once. */
  kill(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGKILL');
  }

  /** Launches once and waits until the process serves: `null`, or why it does not. Afterwards it is watched. */
  async #runOnce(): Promise<string | null> {
    try {
      await this.service.prepare?.();
    } catch (error) {
      return `could not be prepared: ${(error as Error).message}`;
    }
    if (this.#stopping.signal.aborted) return 'was stopped before it was launched';
    const launched = this.#spawn();
    const startedAt = performance.now();
    const ready = this.service.ready(launched.running).then(
      () => null,
      (error: unknown) => `is not ready: ${(error as Error).message}`,
    );
    const timer = new AbortController();
    const tooLate = delay(this.service.readyWithinMs, `was not ready within ${this.service.readyWithinMs / 1000} s`, {
      signal: timer.signal,
    }).catch(() => null);
    const failure = await Promise.race([ready, launched.ended, tooLate]);
    timer.abort();
    if (failure !== null) {
      launched.child.kill('SIGKILL');
      await this.#exited;
      return failure;
    }
    this.#ready = true;
    this.#events.say(`${this.service.name} is ready (pid ${launched.running.pid})`);
    this.#events.changed();
    void launched.ended.then((how) => this.#keepRunning(how, startedAt));
    return null;
  }

  #spawn() {
    const { launch } = this.service;
    this.#lastWords = [];
    const child = spawn(launch.command, launch.args, {
      env: launch.env,
      ...launch.runAs,
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group: Ctrl-C in a terminal reaches the supervisor alone, which then drains in order.
      detached: true,
    });
    this.#child = child;
    let announce: (value: unknown) => void = () => undefined;
    const announced = new Promise<unknown>((resolve) => (announce = resolve));
    this.#follow(child.stdout, announce);
    this.#follow(child.stderr, null);
    // A child that dies early breaks the pipe that we hold only to show that we live.
    child.stdin.on('error', () => undefined);
    const over = new AbortController();
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
      );
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    this.#exited = ended.then(async () => {
      // Its last words may still be in the pipe; a grandchild may hold the pipe open for longer than anybody wants to wait.
      await Promise.race([closed, delay(LAST_WORDS_WAIT_MS)]);
      over.abort();
      this.#child = null;
      this.#ready = false;
      this.#events.changed();
    });
    this.#log.line(`--- started, pid ${child.pid ?? 'none'}`);
    this.#events.changed();
    const running: RunningProcess = { pid: child.pid ?? 0, announced, ended: over.signal };
    return { child, running, ended };
  }

  /** Restarts until the process serves again or the stack is stopped. */
  async #keepRunning(how: string, startedAt: number): Promise<void> {
    await this.#exited;
    if (performance.now() - startedAt > PROVEN_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    for (let reason: string | null = how; reason !== null;) {
      if (this.#stopping.signal.aborted) return;
      this.#events.say(`${this.service.name} ${reason}: restarting it`);
      this.#log.line(`--- ${reason}: restarting`);
      await this.#wait();
      if (this.#stopping.signal.aborted) return;
      this.#restarts += 1;
      reason = await this.#runOnce();
    }
  }

  async #wait(): Promise<void> {
    const wait = this.#backoffMs;
    this.#backoffMs = Math.min(wait * 2, LONGEST_BACKOFF_MS);
    await delay(wait, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  #follow(stream: Readable, announce: ((value: unknown) => void) | null): void {
    createInterface({ input: stream }).on('line', (line) => {
      if (announce !== null && line.startsWith(READY_PREFIX)) {
        announce(parseAnnouncement(line.slice(READY_PREFIX.length)));
        return;
      }
      this.#log.line(line);
      this.#lastWords = [...this.#lastWords, line].slice(-LAST_WORDS);
    });
  }

  #describe(failure: string): string {
    const words = this.#lastWords.map((line) => `\n    ${line}`).join('');
    return `${this.service.name} ${failure}${words === '' ? '' : `; its last words:${words}`}`;
  }
}

function parseAnnouncement(text: string): unknown {
  try {
    return JSON.parse(text.trim() || '{}');
  } catch {
    return {};
  }
}
