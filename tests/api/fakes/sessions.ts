import type { Problem } from '../../../domain/execution/commands.ts';
import type { AccountFacts, KnownAccountFacts } from '../../../adapters/ports/account-facts.ts';
import { fundsLeft, type SessionFunds } from '../../../adapters/ports/session-funds.ts';
import type { StopsOf } from '../../../adapters/ports/session-stops.ts';
import { sumOf } from '../../../domain/market/decimal.ts';
import type { IdempotencyClaim } from '../../../adapters/ports/execution-store.ts';
import type {
  DecisionRow,
  EquityRow,
  JournalRow,
  OrderedPage,
  SessionEntry,
  SessionOrderRow,
  SessionPage,
  SessionReader,
  TradeRow,
} from '../../../adapters/ports/session-reader.ts';
import type { KnownReconciliation } from '../../../adapters/ports/session-reconciliations.ts';
import type { NewSession, SessionAcceptance, SessionRecord } from '../../../adapters/ports/session-store.ts';
import type { StrategyFacts, StrategyQuestion } from '../../../adapters/ports/strategy-inspector.ts';
import type { VenueLimits } from '../../../adapters/ports/venue-limits.ts';
import type { WorkflowFate } from '../../../adapters/ports/workflow-directory.ts';
import type { ApiDependencies, CommandOutcome, SessionWorkflows } from '../../../api/ports.ts';
import { adjustmentOf } from '../../../domain/session/adjustment.ts';
import { commandEffect } from '../../../domain/session/command-effect.ts';
import type { SessionCommand } from '../../../domain/session/commands.ts';
import { isOver } from '../../../domain/session/status.ts';
import type { SessionsQuestion } from '../../../domain/session/reconcile/reconcile-sessions.ts';
import { findStrategy } from '../../../domain/strategies/registry.ts';

/** A spec that the fake platform accepts: 15-minute bars on a paper account. */
export const GOOD_SPEC = {
  name: 'cross',
  venue: 'sim',
  symbols: ['BTC/USDT'],
  timeframe: '15m',
  strategy: { id: 'sma-cross', params: { fast: 3, slow: 8 } },
  sizing: { kind: 'units', value: 0.5 },
  capital: '50000',
} as const;

/** Limits that let everything of the fake platform through. */
export const OPEN_LIMITS: VenueLimits = {
  collarBps: '100',
  quoteRates: { USDT: '1' },
  maxOrderNotional: '1000000',
  maxQuoteAgeMs: 2_000,
  maxOpenNotional: '5000000',
  allowedSymbols: 'all',
  maxOrdersPer10s: 50,
  maxOrdersPerMinute: 300,
  feeRate: '0.001',
};

/** Sessions in memory, with the promises of the real stores as far as the API relies on them. */
export class FakeSessions {
  readonly entries = new Map<string, SessionEntry>();
  readonly claims = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  readonly started = new Set<string>();
  readonly startedWorkflows: string[] = [];
  readonly commands: SessionCommand[] = [];
  readonly adjustments: unknown[] = [];
  /** Commands that were put on record without a workflow. */
  readonly recorded: SessionCommand[] = [];
  /** Sessions that were started anew, with the status they had then; and why. */
  readonly restarted: [string, string][] = [];
  readonly restarts: [string, string][] = [];
  /** What has become of the workflow of each session, by the id of the workflow; open where nothing is said. */
  readonly fates = new Map<string, WorkflowFate>();
  temporalFailure: Error | null = null;
  outcome: CommandOutcome = { kind: 'done' };
  /** What becomes of a session when a command is taken. */
  onCommand: (record: SessionRecord, command: SessionCommand) => Partial<SessionRecord> = () => ({});
  facts: KnownAccountFacts | null;
  /** Called when somebody wants the account to be read anew. */
  onWanted: () => void = () => {};
  /** What is said against a strategy. */
  objection: (question: StrategyQuestion) => Error | null = () => null;
  hash: string | null = null;
  neededBars = 8;
  /** Opening times of the first and the newest candle that the venue has. */
  firstCandle = 0;
  newestCandle: number | null = null;
  /** Stop orders of a symbol that the venue keeps: 0 for one that has none, `null` where it does not tell. */
  stopLimit: number | null = 5;
  stops: readonly StopsOf[] = [];
  question: Omit<SessionsQuestion, 'before'> | null = null;
  reconciliation: KnownReconciliation | null = null;
  comparison: () => Promise<unknown> = async () => ({ sentence: 'they are equal' });
  readonly decisionRows: DecisionRow[] = [];
  readonly tradeRows: TradeRow[] = [];
  readonly equityRows: EquityRow[] = [];
  readonly orderRows: SessionOrderRow[] = [];
  readonly journalRows: JournalRow[] = [];
  private readonly now: () => number;

  /** What stood where it says now that nobody runs the session. */
  readonly #before = new Map<string, Problem>();

  constructor(now: () => number) {
    this.now = now;
    this.facts = this.factsOf({
      canTrade: true,
      canWithdraw: false,
      balances: [{ asset: 'USDT', free: '100000', locked: '0' }],
    });
  }

  factsOf(facts: AccountFacts): KnownAccountFacts {
    return { ...facts, clockOffsetMs: 3, ageMs: 5_000, at: this.now() };
  }

  readonly store: ApiDependencies['sessions'] = {
    accept: async (session, claim) => this.#accept(session, claim),
    find: async (id) => this.entries.get(id)?.record ?? null,
    unstarted: async () =>
      [...this.entries.values()].map(({ record }) => record).filter(({ id }) => !this.started.has(id)),
    markStarted: async (id) => {
      this.started.add(id);
    },
    started: async () =>
      [...this.entries.values()]
        .map(({ record }) => record)
        .filter(({ id, status }) => this.started.has(id) && !isOver(status)),
    command: async (id, command) => {
      const { record } = this.entries.get(id)!;
      const { events: _, ...effect } = commandEffect(record, command);
      this.recorded.push(command);
      this.change(id, { ...effect, version: record.version + 1 });
      return this.entries.get(id)!.record;
    },
    setBlock: async (id, block) => this.change(id, { block }),
    setProblem: async (id, code, problem) => {
      const known = this.entries.get(id)!.record.problem;
      if (known !== null && known.code !== code) return;
      this.change(id, { problem: problem ?? this.#before.get(id) ?? null });
      this.#before.delete(id);
    },
    noteUnattended: async (id, problem) => {
      const known = this.entries.get(id)!.record.problem;
      if (known !== null) this.#before.set(id, known);
      this.change(id, { problem });
    },
    noteRestart: async (id, reason) => {
      this.restarts.push([id, reason]);
    },
  };

  readonly reader: SessionReader = {
    listSessions: async ({ status, venue, ...page }) =>
      pageOf(
        [...this.entries.values()]
          .toReversed()
          .filter(({ record }) => status === undefined || record.status === status)
          .filter(({ record }) => venue === undefined || record.spec.venue === venue),
        page,
      ),
    findSession: async (id) => this.entries.get(id) ?? null,
    funds: async (venue, quote, exceptFor) => this.#funds(venue, quote, exceptFor),
    stops: async () => this.stops,
    openSessions: async (venue) =>
      [...this.entries.values()].filter(
        ({ record: { spec, status } }) => spec.venue === venue && status !== 'stopped' && status !== 'failed',
      ),
    decisions: async (_id, { withSignals, ...page }) =>
      pageOf(
        this.decisionRows.filter(({ decision }) => !withSignals || decision.signals.length > 0),
        page,
      ),
    trades: async (_id, page) => pageOf(inOrder(this.tradeRows, page), page),
    equity: async (_id, page) => pageOf(inOrder(this.equityRows, page), page),
    orders: async (_id, page) => pageOf(this.orderRows, page),
    journal: async (_id, page) => pageOf(inOrder(this.journalRows, page), page),
  };

  readonly workflows: SessionWorkflows = {
    start: async ({ workflowId }) => {
      if (this.temporalFailure) throw this.temporalFailure;
      this.startedWorkflows.push(workflowId);
    },
    restart: async ({ workflowId, status }) => {
      if (this.temporalFailure) throw this.temporalFailure;
      this.restarted.push([workflowId, status]);
      this.fates.delete(workflowId);
    },
    fateOf: async ({ workflowId }) => this.fates.get(workflowId) ?? { kind: 'open' },
    command: async (record, command) => {
      this.commands.push(command);
      if (this.fates.has(record.workflowId)) return { kind: 'not-running' };
      if (this.outcome.kind === 'done') this.change(record.id, this.onCommand(record, command));
      return this.outcome;
    },
  };

  dependencies(): Pick<
    ApiDependencies,
    | 'sessions'
    | 'sessionReader'
    | 'sessionAdjustments'
    | 'sessionReconciliations'
    | 'sessionWorkflows'
    | 'sessionComparer'
    | 'strategyInspector'
    | 'accountFacts'
  > {
    return {
      sessions: this.store,
      sessionReader: this.reader,
      sessionAdjustments: {
        adjust: async (sessionId, request, by, claim) => {
          const known = claim === null ? undefined : this.claims.get(`adjustment ${claim.owner} ${claim.key}`);
          if (known !== undefined)
            return { kind: known.bodyHash === claim?.bodyHash && known.id === sessionId ? 'known' : 'key-reused' };
          const { record, books } = this.entries.get(sessionId)!;
          if (isOver(record.status)) return { kind: 'ended' };
          const found = adjustmentOf(request, { symbols: record.spec.symbols, books, pending: [] });
          if (!found.ok) return { kind: 'refused', problem: found.problem };
          this.adjustments.push({ sessionId, event: found.event, by });
          if (claim !== null)
            this.claims.set(`adjustment ${claim.owner} ${claim.key}`, { bodyHash: claim.bodyHash, id: sessionId });
          return { kind: 'adjusted' };
        },
      },
      sessionReconciliations: {
        question: async () => this.question,
        last: async () => this.reconciliation,
        save: async (_venue, found) => {
          this.reconciliation = found;
        },
      },
      sessionWorkflows: this.workflows,
      sessionComparer: { compare: () => this.comparison() },
      strategyInspector: { inspect: async (question) => this.#inspect(question) },
      accountFacts: {
        findFacts: async () => this.facts,
        wantFacts: async () => {
          const at = this.now();
          this.onWanted();
          return at;
        },
      },
    };
  }

  change(id: string, changes: Partial<SessionRecord>): void {
    const entry = this.entries.get(id)!;
    this.entries.set(id, { ...entry, record: { ...entry.record, ...changes } });
  }

  #funds(venue: string, quote: string, exceptFor: string | null): SessionFunds | null {
    if (this.facts === null) return null;
    const others = [...this.entries.values()].filter(
      ({ record: { id, spec, status } }) =>
        spec.venue === venue && status !== 'stopped' && status !== 'failed' && id !== exceptFor,
    );
    const cash = others.map(({ record, books }) => String(books?.cash ?? record.spec.capital));
    const { ageMs, balances } = this.facts;
    const usable = balances.find(({ asset }) => asset === quote)?.free ?? '0';
    return { usable, taken: sumOf(cash), sessions: others.length, hasLocked: false, ageMs };
  }

  #inspect(question: StrategyQuestion): StrategyFacts {
    const objection = this.objection(question);
    if (objection !== null) throw objection;
    const { strategy } = question;
    const title = 'id' in strategy ? (findStrategy(strategy.id)?.title ?? strategy.id) : strategy.file;
    return { title, hash: this.hash, params: strategy.params, neededBars: this.neededBars };
  }

  #accept(session: NewSession, claim: IdempotencyClaim | null): SessionAcceptance {
    const claimed = claim === null ? undefined : this.claims.get(`${claim.owner} ${claim.key}`);
    if (claimed !== undefined) {
      if (claimed.bodyHash !== claim!.bodyHash) return { kind: 'key-reused' };
      return { kind: 'known', session: this.entries.get(claimed.id)!.record };
    }
    const funds = this.#funds(session.spec.venue, session.quote, null);
    if (funds !== null && fundsLeft(funds).lt(session.spec.capital)) return { kind: 'too-little', funds };
    const record: SessionRecord = {
      ...session,
      feeRate: '0.001',
      params: session.spec.strategy.params,
      instruments: {},
      status: 'running',
      stopMode: null,
      block: null,
      problem: null,
      lastBar: null,
      bars: 0,
      seq: 0,
      version: 0,
      settled: true,
      books: null,
      watched: [],
      createdAt: this.now(),
      endedAt: null,
    };
    this.entries.set(record.id, { record, books: null, watched: [], openOrders: 0, fillsTaken: 0, candleSeen: null });
    if (claim !== null) this.claims.set(`${claim.owner} ${claim.key}`, { bodyHash: claim.bodyHash, id: record.id });
    return { kind: 'accepted', session: record };
  }
}

function inOrder<T>(all: readonly T[], { newestFirst }: OrderedPage): readonly T[] {
  return newestFirst === true ? all.toReversed() : all;
}

function pageOf<T>(all: readonly T[], { limit, cursor }: SessionPage) {
  const from = Number(cursor ?? 0);
  return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
}
