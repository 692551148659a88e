import type { ExecutionRecord, IdempotencyClaim, NewExecution } from '../../adapters/ports/execution-store.ts';
import type { Algorithm } from '../../domain/execution/algorithm.ts';
import { isMakerFirst } from '../../domain/execution/style.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { algorithms, findAlgorithm } from '../../domain/execution/registry.ts';
import { validatePlan } from '../../domain/execution/validate-plan.ts';
import { decimal, toText } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import { hashBody, idFromKey } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import type { StartRequest } from '../routes/executions/schema.ts';
import { decisionPrice } from './decision-price.ts';
import { inCallersTerms, planTimes } from './plan-times.ts';

/** Names of the fields in a start that are parameters of some algorithm; all others are the same for every algorithm. */
const PARAM_NAMES: ReadonlySet<string> = new Set(
  algorithms.flatMap((algorithm) => algorithm.params.map((spec) => spec.name)),
);

type Stores = Pick<ApiDependencies, 'executions' | 'venues' | 'market' | 'clock' | 'newId'>;

export interface Accepted {
  readonly execution: ExecutionRecord;
  /** `false` when the idempotency key had led to it before. */
  readonly created: boolean;
}

/** The id of the workflow that carries an execution. */
export function workflowIdOf(executionId: string): string {
  return `execution/${executionId}`;
}

async function instrumentOf(stores: Stores, { venue, symbol }: StartRequest): Promise<Instrument> {
  const venues = (await stores.venues.listVenues()).map((entry) => entry.profile.id);
  if (!venues.includes(venue)) {
    throw fieldsProblem('UNKNOWN_VENUE', [
      { field: 'venue', value: venue, message: `no such venue; ${suggestion(venue, venues)}` },
    ]);
  }
  const instrument = await stores.venues.findInstrument(venue, symbol);
  if (instrument !== null) return instrument;
  const symbols = (await stores.venues.listInstruments(venue)).map((each) => each.symbol);
  throw fieldsProblem('UNKNOWN_SYMBOL', [
    { field: 'symbol', value: symbol, message: `venue ${venue} does not trade it; ${suggestion(symbol, symbols)}` },
  ]);
}

function algorithmOf(name: string): Algorithm {
  const algorithm = findAlgorithm(name);
  if (algorithm === undefined) throw new Error(`the schema let the unknown algorithm "${name}" pass`);
  return algorithm;
}

/** The same number without zeros that say nothing: "00.50" is kept as "0.5". */
const plain = (text: string): string => toText(decimal(text));

async function planExecution(stores: Stores, request: StartRequest, id: string, owner: string): Promise<NewExecution> {
  const algorithm = algorithmOf(request.algo);
  const instrument = await instrumentOf(stores, request);
  const given = Object.fromEntries(Object.entries(request).filter(([name]) => PARAM_NAMES.has(name)));
  const { params, problems: paramProblems } = completeParams(algorithm.params, given);
  const now = stores.clock.now();
  const { times, problems: timeProblems } = planTimes(request, now, algorithm.defaultDurationMs(params));
  const early = [...timeProblems, ...paramProblems];
  if (early.length > 0) throw fieldsProblem('INVALID_PLAN', early);

  const plan: ExecutionPlan = {
    executionId: id,
    algo: request.algo,
    venue: request.venue,
    symbol: request.symbol,
    side: request.side,
    quantity: plain(request.quantity),
    lot: instrument.lot,
    ...times,
    limit: request.limit === undefined ? null : plain(request.limit),
    params,
  };
  const market = stores.market(request.venue);
  const decision = await decisionPrice(market, request.venue, request.symbol);
  const problems = validatePlan(plan, algorithm, instrument, decision.price, market ?? undefined);
  if (problems.length > 0)
    throw fieldsProblem(
      'INVALID_PLAN',
      problems.map((problem) => inCallersTerms(problem, request.endAt)),
    );
  return { id, workflowId: workflowIdOf(id), owner, plan, base: instrument.base, quote: instrument.quote, decision };
}

async function store(stores: Stores, execution: NewExecution, claim: IdempotencyClaim | null): Promise<Accepted> {
  const acceptance = await stores.executions.accept(execution, claim);
  if (acceptance.kind === 'key-reused') {
    throw new Problem(
      'IDEMPOTENCY_KEY_REUSED',
      `The key "${claim?.key}" was used for another body before; choose a new key for a new execution.`,
      [{ field: 'Idempotency-Key', value: claim?.key, message: 'belongs to another body' }],
    );
  }
  if (acceptance.kind === 'waiting-full') {
    const { venue, params } = execution.plan;
    const [field, instead] = isMakerFirst(execution.plan) ? ['style', 'taker'] : ['kind', 'marketable'];
    const message = `venue ${venue} has ${acceptance.most} executions under way whose orders wait in its book, and takes no more at a time: wait until one has ended, or give "${instead}"`;
    throw fieldsProblem('INVALID_PLAN', [{ field, value: params[field], message }]);
  }
  return { execution: acceptance.execution, created: acceptance.kind === 'accepted' };
}

/**
 * Checks everything that can be checked before something starts, reads the decision price, and stores the execution with its
 * idempotency key in one transaction. A request that was accepted before is answered from the store alone: the venue may
 * be gone by then, and its times lie in the past.
 *
 * Throws `Problem` for whatever is wrong; nothing is stored then.
 */
export async function acceptExecution(
  stores: Stores,
  request: StartRequest,
  by: { readonly owner: string; readonly key: string | null },
): Promise<Accepted> {
  if (by.key === null) return store(stores, await planExecution(stores, request, stores.newId(), by.owner), null);
  const claim = { owner: by.owner, key: by.key, bodyHash: hashBody(request) };
  const id = idFromKey(by.owner, by.key);
  const known = await stores.executions.findExecution(id);
  return store(stores, known ?? (await planExecution(stores, request, id, by.owner)), claim);
}
