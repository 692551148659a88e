import { describe, expect, it } from '@jest/globals';
import { type ChaosPlan, planRun, planSingleStrike, type Strike } from '../../../bin/chaos/plan.ts';
import { DEFAULT_TARGETS, parseTargets, TARGETS } from '../../../bin/chaos/targets.ts';
import { parseFaultSpec } from '../../../simulator/faults/fault-spec.ts';
import { FAULT_KINDS } from '../../../simulator/faults/faults.ts';
import { checkTwap } from '../../../domain/execution/twap/check.ts';
import { btc, planOf } from '../../domain/execution/good-plan.ts';

const PLAN: ChaosPlan = { seed: 7, targets: TARGETS, faultsPerRun: 5, executions: 8, sessions: 3, lengthMs: 50_000 };
const manyRuns = (plan: ChaosPlan) => Array.from({ length: 200 }, (_, index) => planRun(plan, index + 1));
const strikesOf = (plan: ChaosPlan): readonly Strike[] => manyRuns(plan).flatMap(({ strikes }) => strikes);
const victims = (strikes: readonly Strike[]) =>
  new Set(strikes.map((strike) => (strike.kind === 'kill' ? strike.target : 'faults')));

describe('a plan of chaos', () => {
  it('is the same for the same seed, and another for another seed or run', () => {
    expect(planRun(PLAN, 3)).toEqual(planRun(PLAN, 3));
    expect(planRun(PLAN, 3).strikes).not.toEqual(planRun(PLAN, 4).strikes);
    expect(planRun(PLAN, 3).strikes).not.toEqual(planRun({ ...PLAN, seed: 8 }, 3).strikes);
  });

  it('strikes as often as asked, in order, while every execution still has slices ahead', () => {
    for (const { strikes, executions } of manyRuns(PLAN)) {
      expect(strikes).toHaveLength(5);
      expect(executions).toHaveLength(8);
      const instants = strikes.map(({ atMs }) => atMs);
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
      expect(Math.min(...instants)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...instants)).toBeLessThan(Math.min(...executions.map(({ durationMs }) => durationMs)));
    }
  });

  it.each([10_000, 20_000, 50_000, 600_000])(
    'asks for no execution of at most %d ms that would be refused',
    (lengthMs) => {
      const executions = manyRuns({ ...PLAN, lengthMs }).flatMap((run) => run.executions);
      const problems = executions.flatMap(({ durationMs, params, notional }) => {
        // At a price of 1 the notional is the quantity, which is far above any minimum here.
        const plan = planOf({ quantity: String(notional), params });
        return checkTwap({ ...plan, endAt: plan.startAt + durationMs }, { ...btc, minNotional: '0' }, '1');
      });
      expect(problems).toEqual([]);
      expect(new Set(executions.map(({ params }) => params['style'] ?? 'taker'))).toEqual(
        new Set(['taker', 'maker-first']),
      );
    },
  );

  it('lets an order rest for longer than any start has patience, and people meddle, once in every run', () => {
    for (const { executions } of manyRuns(PLAN)) {
      const resting = executions.filter(({ params }) => params['style'] === 'maker-first' && params['slices'] === 1);
      expect(resting.length).toBeGreaterThan(0);
      // 4 s for a conclusive answer of a simulated venue and 15 s of patience.
      for (const { durationMs, params } of resting)
        expect(durationMs * Number(params['crossAfter'])).toBeGreaterThan(19_000);
      const done = executions.flatMap(({ interventions }) => interventions.map(({ kind }) => kind));
      expect(done.toSorted()).toEqual(['amend', 'cancel', 'pause', 'resume']);
      for (const { interventions, durationMs } of executions)
        for (const { atMs } of interventions) expect(atMs).toBeLessThan(durationMs);
    }
  });

  it('halts trading in some runs, for a while', () => {
    const halts = manyRuns(PLAN).flatMap(({ halt }) => halt ?? []);
    expect(halts.length).toBeGreaterThan(50);
    expect(halts.length).toBeLessThan(150);
    for (const { atMs, forMs } of halts) expect(atMs + forMs).toBeLessThan(0.76 * PLAN.lengthMs);
  });

  it('meddles with a single execution, or two, as far as there are as many', () => {
    for (const executions of [1, 2]) {
      const [run] = manyRuns({ ...PLAN, executions });
      expect(run?.executions).toHaveLength(executions);
      expect(run?.executions.filter(({ params }) => params['slices'] === 1)).toHaveLength(1);
    }
  });

  it('has people pause, resume and amend sessions in every run, the same ones in none that follow', () => {
    for (const { run, sessionInterventions } of manyRuns(PLAN)) {
      const kinds = sessionInterventions.map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(['amend', 'pause', 'resume']);
      const of = (kind: string) => sessionInterventions.find((each) => each.kind === kind)!;
      expect(of('pause').session).toBe(of('resume').session);
      expect(of('pause').atMs).toBeLessThan(of('resume').atMs);
      expect(of('amend').session).not.toBe(of('pause').session);
      expect(of('pause').session).toBe(run % 3);
      for (const { atMs } of sessionInterventions) expect(atMs).toBeLessThan(PLAN.lengthMs);
    }
    expect(planRun({ ...PLAN, sessions: 0 }, 1).sessionInterventions).toEqual([]);
  });

  it('strikes and trades alike with sessions and without', () => {
    const { sessionInterventions: _, ...run } = planRun(PLAN, 4);
    expect(planRun({ ...PLAN, sessions: 0 }, 4)).toMatchObject(run);
  });

  it('lasts as long as its executions, and without them for the length', () => {
    expect(planRun(PLAN, 1).lastsMs).toBe(0);
    expect(planRun({ ...PLAN, executions: 0 }, 1)).toMatchObject({ executions: [], lastsMs: 50_000 });
  });

  it('buys as often as it sells', () => {
    for (const { executions } of manyRuns(PLAN))
      expect(executions.filter(({ side }) => side === 'buy')).toHaveLength(4);
  });

  it('reaches every target that it is given, and no other', () => {
    expect(victims(strikesOf(PLAN))).toEqual(new Set(TARGETS));
    expect(victims(strikesOf({ ...PLAN, targets: ['venue', 'postgres'] }))).toEqual(new Set(['venue', 'postgres']));
    expect(victims(strikesOf({ ...PLAN, targets: ['faults'] }))).toEqual(new Set(['faults']));
  });

  it('lets venues fail in every way that they know, as they take it', () => {
    const strikes = strikesOf({ ...PLAN, targets: ['faults'] });
    const faults = strikes.flatMap((strike) => (strike.kind === 'fault' ? [parseFaultSpec({ ...strike.fault })] : []));
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
    // Every failure ends: by its count or by its time.
    expect(faults.filter(({ count, forMs }) => count === null && forMs === null)).toEqual([]);
    // An order stays hidden for less than the 3 s after its acceptance within which its venue promises to show it.
    const hidden = faults.filter(({ kind }) => kind === 'forget').map(({ forMs }) => forMs ?? Number.NaN);
    expect(Math.max(...hidden)).toBeLessThan(3_000);
  });

  it('gives a strike at a chosen instant out of a row without an end', () => {
    expect(planSingleStrike(PLAN, 4, 90_000)).toEqual(planSingleStrike(PLAN, 4, 90_000));
    expect(planSingleStrike(PLAN, 4, 90_000).atMs).toBe(90_000);
  });
});

describe('targets', () => {
  it('are read from a list, each once', () => {
    expect(parseTargets('venue, postgres,venue')).toEqual(['venue', 'postgres']);
  });

  it('are refused by name', () => {
    expect(() => parseTargets('venue,exchange')).toThrow('"exchange"');
    expect(() => parseTargets('')).toThrow('""');
  });

  it('are all that takes part in an execution unless others are named', () => {
    expect(new Set(DEFAULT_TARGETS)).toEqual(
      new Set(['trading', 'venue', 'market-data', 'api', 'temporal', 'postgres', 'simulator', 'faults']),
    );
  });
});
