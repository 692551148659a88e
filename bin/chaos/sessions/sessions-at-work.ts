import type { EpochMs } from '../../../domain/market/decimal.ts';
import { stackOf } from '../../terminal/running-stack.ts';
import type { ExecutionView } from '../../terminal/execution-view.ts';
import type { ChaosConnections } from '../connections.ts';
import type { InterventionCounts } from '../interventions.ts';
import { type AwaitedExecution, type Finding, judge, type Judgement, markLedgers } from '../judge.ts';
import { openMarkets } from '../markets.ts';
import type { ChaosPlan, RunPlan } from '../plan.ts';
import { type Spread, spreadOf } from '../recovery.ts';
import { insist } from '../start-executions.ts';
import type { Kill } from '../strikes.ts';
import { downTimes, type WatchedFault, watchFaults } from './down-times.ts';
import { meddleWithSessions } from './interventions.ts';
import { endAndJudge } from './judge.ts';
import { planSessions } from './plan.ts';
import { ownOrders, type WithClientOrderIds } from './read-evidence.ts';
import { type RunningSession, startSessions } from './start-sessions.ts';

const WITHIN_MS = 90_000;

/** What the sessions of a series came to; names and fields are stable. */
export interface SessionsResult {
  readonly count: number;
  readonly bars: number;
  /** Closed ones. */
  readonly trades: number;
  readonly decisions: number;
  /** How long positions were without a working stop, each time, while nothing was down. */
  readonly unprotectedMs: Spread;
  /** The same with the time in which something was down. */
  readonly unprotectedWithDownMs: Spread;
}

export interface SessionsOutcome {
  readonly result: SessionsResult;
  /** Of the executions that were their orders. */
  readonly judgement: Omit<Judgement, 'findings'>;
  readonly findings: readonly Finding[];
}

/** The sessions that trade through a series of runs, and what is noted meanwhile to judge them by. */
export class SessionsAtWork {
  readonly #home: string;
  readonly #sessions: readonly RunningSession[];
  readonly #kills: Kill[] = [];
  readonly #over = new AbortController();
  readonly #faults: Promise<readonly WatchedFault[]>;

  private constructor(home: string, sessions: readonly RunningSession[]) {
    this.#home = home;
    this.#sessions = sessions;
    this.#faults = watchFaults(home, this.#over.signal);
  }

  /** Starts as many as are planned. */
  static async start(home: string, { sessions, strategyFile }: ChaosPlan, nonce: string): Promise<SessionsAtWork> {
    const markets = await openMarkets(stackOf(home));
    return new SessionsAtWork(home, await startSessions(home, planSessions(sessions, strategyFile), markets, nonce));
  }

  /** Does to them what is planned for a run. */
  meddle({ run, sessionInterventions }: RunPlan, startedAt: EpochMs): Promise<InterventionCounts> {
    return meddleWithSessions(this.#home, this.#sessions, sessionInterventions, { run, startedAt });
  }

  note(kills: readonly Kill[]): void {
    this.#kills.push(...kills);
  }

  /** Client order ids in a ledger that was read before: of orders that are theirs. */
  async ownClientOrderIds(ledger: WithClientOrderIds): Promise<ReadonlySet<string>> {
    const owners = new Set(this.#sessions.map(({ id }) => `session/${id}`));
    const all = await insist(this.#home, WITHIN_MS, (client) => client.all<ExecutionView>('/v1/executions'));
    const own = all.flatMap(({ id, owner }) => (owners.has(owner) ? [id] : []));
    return new Set(ownOrders(ledger, own).keys());
  }

  /** Ends them and holds them, and every one of their executions, against the ledgers. */
  async end(connections: ChaosConnections, graceMs: number): Promise<SessionsOutcome> {
    const before = await markLedgers(this.#home);
    this.#over.abort();
    const down = downTimes(this.#kills, await this.#faults, Date.now());
    const judged = await Promise.all(this.#sessions.map((session) => endAndJudge(this.#home, session, down)));
    const { findings, ...judgement } = await judge(
      this.#home,
      connections,
      graceMs,
      judged.flatMap(({ executions }) => executions).map(awaited),
      [],
      before,
    );
    const total = (of: (one: (typeof judged)[number]) => number) => judged.reduce((sum, one) => sum + of(one), 0);
    const gaps = judged.flatMap((one) => one.gaps);
    return {
      result: {
        count: this.#sessions.length,
        bars: total(({ bars }) => bars),
        trades: total(({ trades }) => trades),
        decisions: total(({ decisions }) => decisions),
        unprotectedMs: spreadOf(gaps.flatMap(({ ms }) => (ms === 0 ? [] : [ms]))),
        unprotectedWithDownMs: spreadOf(gaps.map(({ wholeMs }) => wholeMs)),
      },
      judgement,
      findings: [...judged.flatMap((one) => one.findings), ...findings],
    };
  }

  /** Ends the watching, whatever became of the series. */
  close(): void {
    this.#over.abort();
  }
}

function awaited(view: ExecutionView): AwaitedExecution {
  const { id, workflowId, status, createdAt, endAt } = view;
  const isFinal = status !== 'running' && status !== 'paused';
  return {
    execution: { id, workflowId, acceptedAt: Date.parse(createdAt), endsAt: Date.parse(endAt) },
    view: isFinal ? view : null,
  };
}
