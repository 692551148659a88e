import type { AccountDependencies } from '../../../activities/execution/dependencies.ts';

/** The process was killed: nothing after this runs. */
export class Killed extends Error {}

export interface CrashPlan {
  /** Which call of a port dies, from 1. */
  readonly call: number;
  /** `before`: its effect never happens; `after`: it happened, and nobody hears of it. */
  readonly moment: 'before' | 'after';
}

/** Counts every call of a port and of `wait`, and kills the process in one of them. */
export function crashing(
  deps: AccountDependencies,
  plan: CrashPlan,
): { readonly deps: AccountDependencies; calls(): readonly string[] } {
  const calls: string[] = [];
  const guarded =
    (name: string, work: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]): Promise<unknown> => {
      calls.push(name);
      const dies = calls.length === plan.call;
      if (dies && plan.moment === 'before') throw new Killed(`before ${name}`);
      const result = await work(...args);
      if (dies) throw new Killed(`after ${name}`);
      return result;
    };
  // Questions that ask nobody outside this process: no process dies of them.
  const local = ['venueNow', 'health'];
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...args: never[]) => Promise<unknown>;
        return local.includes(String(name)) ? bound : guarded(String(name), bound);
      },
    });
  return {
    deps: {
      ...deps,
      account: guard(deps.account),
      ledger: guard(deps.ledger),
      wait: guarded('wait', (ms: number) => deps.wait(ms)) as AccountDependencies['wait'],
    },
    calls: () => calls,
  };
}
