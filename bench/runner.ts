import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One run of a case: a workload as one program does it. */
export interface CaseRequest {
  /** Name of the case at the runner. */
  readonly case: string;
  /** Folder of its bars. */
  readonly bars: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** File for the results, as little-endian doubles; without it none are written. */
  readonly out?: string;
}

export interface CaseAnswer {
  /** Around the work alone. */
  readonly elapsedMs: number;
  /** Rows and columns of the results, where they were asked for. */
  readonly shape: readonly [rows: number, columns: number] | null;
  /** Most memory that the process has had so far; `null` where the system does not tell. */
  readonly peakBytes: number | null;
}

/** Runs cases one after another. Rejects with what a case threw. */
export interface CaseRunner {
  run(request: CaseRequest): Promise<CaseAnswer>;
}

export interface RunnerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly pinnedCore: number | null;
}

type Answer = Record<string, unknown> & { readonly id: number; readonly error?: string };

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** A process that runs cases one after another: one JSON document a line in, one answer a line out. What else it says goes to stderr. */
export class Runner implements CaseRunner {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;
  #ended: Error | null = null;

  constructor({ program, args, env, pinnedCore }: RunnerCommand) {
    const [command, ...rest] =
      pinnedCore === null ? [program, ...args] : ['taskset', '--cpu-list', String(pinnedCore), program, ...args];
    this.#child = spawn(command!, rest, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    // A request to a process that has gone is answered by its end.
    this.#child.stdin!.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#take(line));
    this.#child.once('error', (error) => this.#end(new Error(`${program} cannot be started: ${error.message}`)));
    this.#child.once('close', (code, signal) => this.#end(new Error(`${program} ended (${signal ?? code})`)));
  }

  /** Runs a case. Rejects with what the case threw, and when the process ends. */
  async run(request: CaseRequest): Promise<CaseAnswer> {
    return (await this.#ask({ ...request })) as unknown as CaseAnswer;
  }

  /** Versions of the packages that the cases run. */
  async versions(packages: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { versions } = await this.#ask({ versions: packages });
    return versions as Record<string, string>;
  }

  /** Ends the process once it has answered. */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    const closed = new Promise<void>((done) => this.#child.once('close', () => done()));
    this.#child.stdin!.end();
    await closed;
  }

  #ask(request: Record<string, unknown>): Promise<Answer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
