import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Conflict } from './failures.ts';
import { writeJson } from './atomic-file.ts';
import { type Backends, chooseBackends, withoutPassword } from './backends.ts';
import { createHome, homeLayout, type HomeLayout } from './home-layout.ts';
import { endLeftovers, recordProcesses } from './leftovers.ts';
import { LogFile } from './log-file.ts';
import { launchNode } from './node-services.ts';
import { platformEnv, type PlatformServices, platformServices } from './platform-services.ts';
import { openPortBook, type PortBook } from './ports.ts';
import { takeLock } from './process-lock.ts';
import type { Service } from './service.ts';
import { runStep } from './setup-step.ts';
import type { StackRecord, VenueRecord } from './stack-record.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { FIRST_VENUE_PORT, writeVenueFiles } from './venue-files.ts';
import { checkVenueCandles, DEFAULT_VENUES, readVenuesFile, type VenueSpec } from './venue-specs.ts';

const API_PORT = 8080;

export interface StackOptions {
  /** Absolute path of the home. */
  readonly home: string;
  /** A `--venues` file; without one the home's last venues are used, or the default ones. */
  readonly venuesFile?: string | undefined;
  /** How many workers of each kind run beside each other; one unless given. */
  readonly workers?: number | undefined;
  /** Takes the place of a process by another before anything starts, for whoever builds a stack of other parts. */
  readonly compose?: (services: PlatformServices) => PlatformServices;
  readonly say: (line: string) => void;
}

/** A whole platform on this machine in one home: its processes, kept running until it is stopped. */
export class Stack {
  readonly #home: HomeLayout;
  readonly #say: (line: string) => void;
  readonly #releaseLock: () => void;
  readonly #ports: PortBook;
  readonly #log: LogFile;
  readonly #workers: number;
  readonly #compose: (services: PlatformServices) => PlatformServices;
  readonly #groups: SupervisedProcess[][] = [];
  #backends: Backends | null = null;
  #venues: readonly VenueRecord[] = [];
  #api: string | null = null;
  #started = false;
  #stopped: Promise<void> | null = null;

  private constructor(home: HomeLayout, releaseLock: () => void, { say, workers, compose }: StackOptions) {
    this.#home = home;
    this.#workers = workers ?? 1;
    this.#compose = compose ?? ((services) => services);
    this.#releaseLock = releaseLock;
    this.#log = new LogFile(join(home.logs, 'stack.log'));
    this.#say = (line) => {
      this.#log.line(`${new Date().toISOString()} ${line}`);
      say(line);
    };
    this.#ports = openPortBook(home.portsFile, this.#say);
  }

  /**
   * Takes the home for this process. Throws `InvalidInput` for a bad venues file and `Conflict` when a stack runs in the home.
   */
  static async open(options: StackOptions): Promise<{ stack: Stack; venues: readonly VenueSpec[] }> {
    const home = homeLayout(options.home);
    const given = options.venuesFile === undefined ? null : readVenuesFile(options.venuesFile);
    if (given !== null) await checkVenueCandles(given);
    createHome(home);
    const lock = takeLock(home.lock);
    if (!lock.held) {
      throw new Conflict(
        `a stack already runs in ${home.folder} (process ${lock.holder.pid}): stop it with "tradewind down", or choose another home with --home`,
      );
    }
    rmSync(home.stackFile, { force: true });
    const stack = new Stack(home, lock.release, options);
    await endLeftovers(home.processesFile, stack.#say);
    return { stack, venues: given ?? keptVenues(home) };
  }

  /** Starts everything and resolves once all of it serves. Throws, with everything stopped again, when something does not come up. */
  async start(venues: readonly VenueSpec[]): Promise<StackRecord> {
    try {
      await this.#startAll(venues);
      return this.record();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** The stack as it is now. */
  record(): StackRecord {
    const processes = this.#processes().map(({ service, pid, restarts, ready }) => ({
      name: service.name,
      pid,
      restarts,
      ready,
    }));
    return {
      ready: this.#started && this.#stopped === null && processes.every(({ ready }) => ready),
      home: this.#home.folder,
      api: this.#api,
      temporal: this.#backends?.temporal ?? { address: '', ui: null, source: '' },
      postgres: this.#backends === null ? '' : withoutPassword(this.#backends.databaseUrl),
      venues: this.#venues,
      processes,
      adminKeyFile: this.#home.adminKeyFile,
    };
  }

  /** Drains all processes, the last started first, and gives the home back. May be called more than once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  /** Ends all processes at once. What they were doing is resumed at the next start. */
  kill(): void {
    for (const process of this.#processes()) process.kill();
  }

  async #startAll(venues: readonly VenueSpec[]): Promise<void> {
    const home = this.#home;
    this.#backends = await chooseBackends(home, this.#ports, this.#say);
    const apiPort = await this.#ports.claim('api', API_PORT);
    await this.#placeVenues(venues);
    const described = platformServices(home, this.#backends, apiPort, this.#workers, {
      venues: (announced) => (this.#venues = announced),
      api: (url) => (this.#api = url),
    });
    const services = this.#compose(described);
    await this.#startGroup([...this.#backends.services]);
    await Promise.all([this.#prepareBackends(this.#backends), this.#startGroup([services.simulator])]);
    // They need one another only once there is work; each takes a second or two to load.
    await Promise.all([this.#startGroup(services.workers), this.#startGroup([services.api])]);
    this.#started = true;
    this.#changed();
  }

  async #placeVenues(venues: readonly VenueSpec[]): Promise<void> {
    const ports = new Map<string, number>();
    for (const [index, { id }] of venues.entries()) {
      ports.set(id, await this.#ports.claim(`venue ${id}`, FIRST_VENUE_PORT + index));
    }
    const loopback = '127.0.0.1';
    writeVenueFiles(this.#home, venues, { listen: loopback, host: loopback, portOf: (id) => ports.get(id) ?? 0 });
    writeJson(this.#home.venuesFile, venues);
  }

  async #prepareBackends(backends: Backends): Promise<void> {
    const env = platformEnv(this.#home, backends);
    await Promise.all([
      runStep('database migration', launchNode('bin/stack/migrate.js', [], env), this.#log),
      runStep('search attributes', launchNode('bin/stack/register-search-attributes.js', [], env), this.#log),
    ]);
  }

  /** Starts processes that do not wait for one another. */
  async #startGroup(services: readonly Service[]): Promise<void> {
    if (this.#stopped !== null) throw new Error('the stack was stopped before it was ready');
    const events = { changed: () => this.#changed(), say: this.#say };
    const group = services.map((service) => {
      return new SupervisedProcess(service, new LogFile(join(this.#home.logs, `${service.name}.log`)), events);
    });
    this.#groups.push(group);
    await Promise.all(group.map((process) => process.start()));
  }

  async #stopAll(): Promise<void> {
    for (const group of this.#groups.toReversed()) await Promise.all(group.map((process) => process.stop()));
    this.#changed();
    rmSync(this.#home.processesFile, { force: true });
    this.#ports.release();
    this.#releaseLock();
  }

  #processes(): readonly SupervisedProcess[] {
    return this.#groups.flat();
  }

  #changed(): void {
    recordProcesses(this.#home.processesFile, this.#processes());
    writeJson(this.#home.stackFile, this.record());
  }
}

/** The venues that this home had last time: executions of an earlier start still belong to them. */
function keptVenues(home: HomeLayout): readonly VenueSpec[] {
  if (!existsSync(home.venuesFile)) return DEFAULT_VENUES;
  return JSON.parse(readFileSync(home.venuesFile, 'utf8')) as readonly VenueSpec[];
}
