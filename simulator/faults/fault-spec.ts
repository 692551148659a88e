import { FieldError } from '../field-error.ts';
import { FAULT_ENDPOINTS, FAULT_KINDS, type FaultKind, type FaultSpec, LOOK_UPS } from './faults.ts';
import { STREAM_FAULT_KINDS, STREAMS } from './stream-faults.ts';

type Fields = Readonly<Record<string, unknown>>;
type OwnField = 'delayMs' | 'phase' | 'retryAfterMs' | 'accept' | 'fraction';

/** What is particular about a kind. */
interface KindRule {
  /** Where it makes sense; everywhere unless given. */
  readonly endpoints?: readonly string[];
  /** Fields beyond those that every kind takes. */
  readonly takes?: readonly OwnField[];
  /** Fields that it cannot do without. */
  readonly needs?: readonly string[];
  /** Common fields that mean nothing to it. */
  readonly refuses?: readonly string[];
}

/** `order.create` and `*` hide an order from every look-up, the others from that one look-up. */
const FORGETTABLE: readonly string[] = ['*', 'order.create', ...LOOK_UPS];
/** Requests that carry a time of their own. */
const SIGNED = ['*', 'order.create', 'order.cancel', ...LOOK_UPS, 'account'];

const KIND_RULES: Readonly<Partial<Record<FaultKind, KindRule>>> = {
  delay: { takes: ['delayMs', 'phase'], needs: ['delayMs'] },
  forget: { endpoints: FORGETTABLE, needs: ['forMs'] },
  'rate-limit': { takes: ['retryAfterMs'] },
  ban: { takes: ['retryAfterMs'] },
  clock: { endpoints: SIGNED },
  timeout: { takes: ['accept'] },
  reject: { endpoints: ['order.create'] },
  'partial-fill': { endpoints: ['order.create'], takes: ['fraction'] },
  cut: { endpoints: STREAMS },
  silence: { endpoints: STREAMS },
  skip: { endpoints: STREAMS },
  // A venue has one clock for everything that it does.
  'wrong-clock': { endpoints: ['*'], takes: ['delayMs'], needs: ['delayMs'], refuses: ['count', 'probability'] },
};

const COMMON_FIELDS = ['endpoint', 'kind', 'forMs', 'count', 'probability'];
const OWN_FIELDS: readonly OwnField[] = ['delayMs', 'phase', 'retryAfterMs', 'accept', 'fraction'];
const FIELDS: readonly string[] = [...COMMON_FIELDS, ...OWN_FIELDS];
const LONGEST_MS = 86_400_000;
const DEFAULT_RETRY_AFTER_MS = 5_000;
const DEFAULT_FRACTION = 0.5;

/** Reads a fault from the body of a request. Throws `FieldError`. */
export function parseFaultSpec(body: unknown): FaultSpec {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FieldError('body', body, 'send a JSON object');
  }
  const fields = body as Fields;
  const stranger = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined) throw new FieldError(stranger, fields[stranger], `the fields are ${FIELDS.join(', ')}`);
  const endpoint = oneOf(fields, 'endpoint', [...FAULT_ENDPOINTS, '*'] as const);
  const kind = oneOf(fields, 'kind', FAULT_KINDS);
  checkKind(fields, endpoint, kind);
  const phase = given(fields, 'phase') ? oneOf(fields, 'phase', ['before', 'after'] as const) : 'before';
  return {
    endpoint,
    kind,
    forMs: whole(fields, 'forMs', 1, LONGEST_MS),
    count: whole(fields, 'count', 1, 1_000_000),
    probability: number(fields, 'probability', (value) => value > 0 && value <= 1, 'above 0 and up to 1') ?? 1,
    delayMs: whole(fields, 'delayMs', kind === 'wrong-clock' ? -LONGEST_MS : 0, LONGEST_MS),
    phase,
    retryAfterMs: whole(fields, 'retryAfterMs', 1, LONGEST_MS) ?? DEFAULT_RETRY_AFTER_MS,
    accept: yesOrNo(fields, 'accept') ?? true,
    fraction: number(fields, 'fraction', (value) => value >= 0 && value < 1, 'from 0 to below 1') ?? DEFAULT_FRACTION,
  };
}

/** Whether the endpoint and the fields fit the kind. */
function checkKind(fields: Fields, endpoint: string, kind: FaultKind): void {
  const { endpoints, takes = [], needs = [], refuses = [] } = KIND_RULES[kind] ?? {};
  if (endpoints?.includes(endpoint) === false)
    throw new FieldError('endpoint', endpoint, `the kind "${kind}" takes ${endpoints.join(', ')}`);
  if (STREAMS.includes(endpoint) && !STREAM_FAULT_KINDS.includes(kind))
    throw new FieldError('endpoint', endpoint, `streams take the kinds ${STREAM_FAULT_KINDS.join(', ')}`);
  const missing = needs.find((name) => !given(fields, name));
  if (missing !== undefined)
    throw new FieldError(missing, fields[missing], `the kind "${kind}" needs it, in milliseconds`);
  const foreign = [...OWN_FIELDS.filter((name) => !takes.includes(name)), ...refuses].find((name) =>
    given(fields, name),
  );
  if (foreign !== undefined)
    throw new FieldError(foreign, fields[foreign], `the kind "${kind}" does not take it: leave it out`);
}

function given(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

function oneOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === fields[name]);
  if (chosen === undefined) throw new FieldError(name, fields[name], `use one of ${choices.join(', ')}`);
  return chosen;
}

function whole(fields: Fields, name: string, least: number, most: number): number | null {
  const fits = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  return number(fields, name, fits, `from ${least} to ${most}, whole`);
}

function number(fields: Fields, name: string, fits: (value: number) => boolean, range: string): number | null {
  if (!given(fields, name)) return null;
  const value = fields[name];
  if (typeof value !== 'number' || !fits(value)) throw new FieldError(name, value, `give a number ${range}`);
  return value;
}

function yesOrNo(fields: Fields, name: string): boolean | null {
  if (!given(fields, name)) return null;
  const value = fields[name];
  if (typeof value !== 'boolean') throw new FieldError(name, value, 'give true or false');
  return value;
}
