import { setTimeout as delay } from 'node:timers/promises';
import type { IdempotencyClaim } from '../../adapters/ports/execution-store.ts';
import type { NewSession, SessionRecord } from '../../adapters/ports/session-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { sessionWorkflowId } from '../../workflows/session/messages.ts';
import { hashBody, idFromKey } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';
import { balanceLine } from './check-account.ts';
import { type CheckDependencies, checkSession, parseSession, type SessionCheck } from './check.ts';

type Dependencies = CheckDependencies & Pick<ApiDependencies, 'sessions' | 'newId'>;

export interface AcceptedSession {
  readonly session: SessionRecord;
  /** `false` when the idempotency key had led to it before. */
  readonly created: boolean;
}

/** The word that lets a session use real money. */
const CONFIRMATION = 'live';

/** How long a start waits for the account's owner to read it anew. */
const READ_WITHIN_MS: DurationMs = 3_000;
const POLL_MS: DurationMs = 100;

/** A start as it is sent: the spec, and the word that allows it to use real money. */
export interface StartBody {
  readonly spec: unknown;
  readonly confirm: unknown;
}

/** Takes the confirmation out of a body: it is no part of the spec. */
export function startBody(body: unknown): StartBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { spec: body, confirm: undefined };
  const { confirm, ...spec } = body as Readonly<Record<string, unknown>>;
  return { spec, confirm };
}

/** Throws the problem of the first line that has one, with the fields of all lines of the same code. */
export function refuseProblems({ lines }: SessionCheck): void {
  const problems = lines.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  const first = problems[0];
  if (first === undefined) return;
  const same = problems.filter(({ code }) => code === first.code);
  if (same.length === 1) throw first;
  throw new Problem(
    first.code,
    same.map(({ message }) => message).join('; '),
    same.flatMap(({ errors }) => errors),
    first.cause,
  );
}

/** Real money is used only when somebody says so, and is told what was found. */
function refuseUnconfirmed({ lines, needsConfirmation }: SessionCheck, confirm: unknown): void {
  if (confirm !== undefined && confirm !== CONFIRMATION) {
    const message = 'give "live" to let the session use real money, or leave it out';
    throw new Problem('INVALID_SESSION', `confirm: ${message}`, [{ field: 'confirm', value: confirm, message }]);
  }
  if (!needsConfirmation || confirm === CONFIRMATION) return;
  const open = lines.filter(({ outcome }) => outcome !== 'ok').map(({ check, detail }) => `${check}: ${detail}`);
  const found = open.length === 0 ? 'The check list is clean.' : `Not everything is ok: ${open.join('; ')}.`;
  throw new Problem(
    'LIVE_NOT_CONFIRMED',
    `The account is live: the session would trade real money. ${found} Read the check list (POST /v1/sessions/check), then send the same with "confirm": "live".`,
    [{ field: 'confirm', value: confirm ?? null, message: 'give "live" to let the session use real money' }],
  );
}

/** Has the account read anew, so that money that was moved a moment ago is seen; one that nobody reads in time is judged by what is known of it. */
async function readAnew({ accountFacts, clock }: Dependencies, venue: string): Promise<void> {
  if ((await accountFacts.findFacts(venue)) === null) return;
  const wantedAt = await accountFacts.wantFacts(venue);
  const until = clock.now() + READ_WITHIN_MS;
  while (clock.now() < until) {
    const facts = await accountFacts.findFacts(venue);
    if (facts === null || facts.at >= wantedAt) return;
    await delay(POLL_MS);
  }
}

async function newSession(
  deps: Dependencies,
  { spec, confirm }: StartBody,
  id: string,
  owner: string,
): Promise<NewSession> {
  const parsed = parseSession(spec);
  await readAnew(deps, parsed.venue);
  const check = await checkSession(deps, parsed);
  refuseProblems(check);
  refuseUnconfirmed(check, confirm);
  const { made } = check;
  if (made === null) throw new Error(`session ${id} has no problem and cannot be made`);
  return {
    id,
    workflowId: sessionWorkflowId(id),
    owner,
    spec: made.spec,
    strategyHash: made.strategyHash,
    ...(made.strategyParts === undefined ? {} : { strategyParts: made.strategyParts }),
    base: made.base,
    quote: made.quote,
    restsStops: made.restsStops,
    startBar: made.startBar,
    firstCandle: made.firstCandle,
  };
}

async function store(
  { sessions }: Dependencies,
  session: NewSession,
  claim: IdempotencyClaim | null,
): Promise<AcceptedSession> {
  const acceptance = await sessions.accept(session, claim);
  if (acceptance.kind === 'key-reused') {
    throw new Problem(
      'IDEMPOTENCY_KEY_REUSED',
      `The key "${claim?.key}" was used for another body before; choose a new key for a new session.`,
      [{ field: 'Idempotency-Key', value: claim?.key, message: 'belongs to another body' }],
    );
  }
  // Another session took the money between the check and now.
  if (acceptance.kind === 'too-little')
    throw balanceLine(session.spec, session.quote, acceptance.funds).problem ?? new Error(`${session.id} has enough`);
  return { session: acceptance.session, created: acceptance.kind === 'accepted' };
}

/**
 * Checks everything that can be checked before something starts and stores the session with its idempotency key in one transaction. A request that was
 * accepted before is answered from the store alone. Throws `Problem` for whatever is wrong; nothing is stored then.
 */
export async function acceptSession(
  deps: Dependencies,
  body: unknown,
  by: { readonly owner: string; readonly key: string | null },
): Promise<AcceptedSession> {
  const start = startBody(body);
  if (by.key === null) return store(deps, await newSession(deps, start, deps.newId(), by.owner), null);
  const claim = { owner: by.owner, key: by.key, bodyHash: hashBody(body) };
  const id = idFromKey(by.owner, by.key);
  const known = await deps.sessions.find(id);
  return store(deps, known ?? (await newSession(deps, start, id, by.owner)), claim);
}
