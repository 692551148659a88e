import { describe, expect, it } from '@jest/globals';
import { Dice } from '../../../../bin/chaos/dice.ts';
import { amendmentOf, planSessionInterventions, planSessions } from '../../../../bin/chaos/sessions/plan.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';

describe('planned sessions', () => {
  const planned = planSessions(3);

  it('have a protective stop each: one that stays, one that follows, one with a target', () => {
    const kinds = planned.map(({ params: { stopLoss, takeProfit, trailingStop } }) =>
      [stopLoss && 'stop', trailingStop && 'trailing', takeProfit && 'target'].filter(Boolean).join('+'),
    );
    expect(kinds).toEqual(['stop', 'trailing', 'stop+target']);
  });

  it('treat missed bars in every way', () => {
    expect(new Set(planned.map(({ catchUp }) => catchUp))).toEqual(new Set(['replay', 'latest', 'skip']));
  });

  it('begin anew where there are more of them than kinds', () => {
    expect(planSessions(5).map(({ strategy }) => strategy)).toEqual(
      ['sma-cross', 'ema-cross', 'rsi-reversion', 'sma-cross', 'ema-cross'].map((id) => ({ id })),
    );
  });

  it.each(planned)('are strategies that take their parameters, amended or not: $strategy.id', (each) => {
    const strategy = strategyOf('id' in each.strategy ? each.strategy.id : '');
    for (const run of [1, 2]) {
      const { params, problems } = completeParams(strategy.params, { ...each.params, ...amendmentOf(each, run) });
      expect(problems).toEqual([]);
      expect(strategy.check?.(params as never) ?? []).toEqual([]);
    }
  });

  it('all trade by a file that is given, and are not amended', () => {
    expect(planSessions(2, '/to/own.mjs')).toEqual(
      Array.from({ length: 2 }, () => ({
        strategy: { file: '/to/own.mjs' },
        params: {},
        amended: {},
        catchUp: 'latest',
      })),
    );
    const plan = { sessions: 2, strategyFile: '/to/own.mjs', lengthMs: 50_000 };
    expect(planSessionInterventions(new Dice(1, 1), plan, 1).map(({ kind }) => kind)).toEqual(['pause', 'resume']);
  });

  it('are amended to and fro', () => {
    const [first] = planned;
    expect(amendmentOf(first!, 1)).toEqual({ fast: 3 });
    expect(amendmentOf(first!, 2)).toEqual({ fast: 2 });
    expect(amendmentOf(first!, 3)).toEqual({ fast: 3 });
  });
});
