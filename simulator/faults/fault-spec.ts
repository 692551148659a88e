import { FAULT_ENDPOINTS, FAULT_KINDS, type FaultSpec, LOOK_UPS } from './faults.ts';

/** A fault that cannot be set: which field is wrong, with what value, and what it may be. */
export class FaultSpecError extends Error {
  readonly field: string;
  readonly value: unknown;
  constructor(field: string, value: unknown, advice: string) {
    super(`${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
    this.name = 'FaultSpecError';
    this.field = field;
    this.value = value;
  }
}

const FIELDS = ['endpoint', 'kind', 'forMs', 'count', 'probability', 'delayMs', 'phase'];
/** `order.create` and `*` hide an order from every look-up, the others from that one look-up. */
const FORGETTABLE: readonly string[] = ['*', 'order.create', ...LOOK_UPS];
const LONGEST_MS = 86_400_000;

/** Reads a fault from the body of a request. Throws `FaultSpecError`. */
export function parseFaultSpec(body: unknown): FaultSpec {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FaultSpecError('body', body, 'send a JSON object');
  }
  const fields = body as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined)
    throw new FaultSpecError(stranger, fields[stranger], `the fields are ${FIELDS.join(', ')}`);
  const endpoint = oneOf(fields, 'endpoint', [...FAULT_ENDPOINTS, '*'] as const);
  const kind = oneOf(fields, 'kind', FAULT_KINDS);
  const forMs = whole(fields, 'forMs', 1, LONGEST_MS);
  const delayMs = whole(fields, 'delayMs', 0, LONGEST_MS);
  if (kind === 'delay' && delayMs === null) {
    throw new FaultSpecError('delayMs', fields['delayMs'], `a delay needs milliseconds from 0 to ${LONGEST_MS}`);
  }
  if (kind !== 'delay' && delayMs !== null)
    throw new FaultSpecError('delayMs', delayMs, 'only the kind "delay" takes it');
  if (kind === 'forget' && forMs === null) {
    throw new FaultSpecError(
      'forMs',
      fields['forMs'],
      'a forget needs the milliseconds for which an order stays hidden',
    );
  }
  if (kind === 'forget' && !FORGETTABLE.includes(endpoint)) {
    throw new FaultSpecError('endpoint', endpoint, `a forget takes one of ${FORGETTABLE.join(', ')}`);
  }
  if (kind !== 'delay' && fields['phase'] !== undefined) {
    throw new FaultSpecError('phase', fields['phase'], 'only the kind "delay" takes it');
  }
  return {
    endpoint,
    kind,
    forMs,
    count: whole(fields, 'count', 1, 1_000_000),
    probability: probability(fields),
    delayMs,
    phase: fields['phase'] === undefined ? 'before' : oneOf(fields, 'phase', ['before', 'after'] as const),
  };
}

function oneOf<T extends string>(fields: Readonly<Record<string, unknown>>, name: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === fields[name]);
  if (chosen === undefined) throw new FaultSpecError(name, fields[name], `use one of ${choices.join(', ')}`);
  return chosen;
}

function whole(fields: Readonly<Record<string, unknown>>, name: string, least: number, most: number): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new FaultSpecError(name, value, `give a whole number from ${least} to ${most}`);
  }
  return value;
}

function probability(fields: Readonly<Record<string, unknown>>): number {
  const value = fields['probability'];
  if (value === undefined || value === null) return 1;
  if (typeof value !== 'number' || !(value > 0 && value <= 1)) {
    throw new FaultSpecError('probability', value, 'give a number above 0 and up to 1');
  }
  return value;
}
