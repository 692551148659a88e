import { InvalidInput } from '../stack/failures.ts';
import type { ProcessRecord, StackRecord } from '../stack/stack-record.ts';

/** Kinds of process that can be killed, by their names in `stack.json`. */
export const PROCESS_TARGETS = [
  'trading',
  'venue',
  'market-data',
  'compute',
  'api',
  'temporal',
  'postgres',
  'simulator',
] as const;
/** Stands for a failure of a venue round order placement in place of a kill. */
export const VENUE_FAULTS = 'faults';
export const TARGETS = [...PROCESS_TARGETS, VENUE_FAULTS] as const;
export type Target = (typeof TARGETS)[number];
/** Unless others are named: everything that takes part in an execution. */
export const DEFAULT_TARGETS: readonly Target[] = TARGETS.filter((target) => target !== 'compute');

/** Reads a list such as `venue,postgres,faults`. Throws `InvalidInput` that names what it does not know. */
export function parseTargets(text: string): readonly Target[] {
  const names = text.split(',').map((name) => name.trim());
  const targets = names.map((name) => {
    const target = TARGETS.find((known) => known === name);
    if (target === undefined)
      throw new InvalidInput(`--targets names "${name}"; the targets are ${TARGETS.join(', ')}`);
    return target;
  });
  return [...new Set(targets)];
}

/** The processes of one kind in the order of their names: `venue`, `venue-2`. */
export function instancesOf(record: StackRecord, kind: string): readonly ProcessRecord[] {
  return record.processes
    .filter(({ name }) => name === kind || (name.startsWith(`${kind}-`) && /^\d+$/.test(name.slice(kind.length + 1))))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
