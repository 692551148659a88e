import { describe, expect, it } from '@jest/globals';
import { currentProblem, type LatestChild, type OpenStanding } from '../../../domain/execution/current-problem.ts';
import { START } from './good-plan.ts';

const denied: LatestChild = {
  slice: 3,
  action: 'deny',
  reason: 'BALANCE_INSUFFICIENT',
  decidedAt: START,
  problem: null,
};
const sent: LatestChild = { ...denied, action: 'send', reason: null };
const REFUSED = { code: '-1013', detail: 'Filter failure' };
const problemOf = (given: Partial<OpenStanding>) =>
  currentProblem({ halt: null, latest: null, amendedAt: null, ...given });

describe('the problem of an execution that has not ended', () => {
  it.each<[string, Partial<OpenStanding>]>([
    ['before its first slice', {}],
    ['whose latest child was sent and met nothing', { latest: sent }],
    ['that is on schedule', { latest: { ...denied, action: 'carry', reason: 'ON_SCHEDULE' } }],
    ['that was amended while a child was decided', { latest: { ...denied, action: 'carry', reason: 'AMENDED' } }],
    ['whose slice waits for its time to cross', { latest: { ...denied, action: 'carry', reason: 'NO_POST_ONLY' } }],
    ['whose halt has been lifted', { latest: { ...denied, reason: 'HALTED' } }],
    ['that was amended after it', { latest: denied, amendedAt: START + 1 }],
  ])('is none for one %s', (_, given) => {
    expect(problemOf(given)).toBeNull();
  });

  it('is the halt in force that covers it, whatever its latest child met, and before it has had one', () => {
    const halt = { scope: 'symbol', target: 'BTC/USDT', reason: 'delisting', setBy: 'ann' } as const;
    const expected = {
      code: 'HALTED',
      detail: 'ann has halted symbol BTC/USDT: delisting. Nothing is sent until the halt is lifted',
    };
    expect(problemOf({ halt })).toEqual(expected);
    expect(problemOf({ halt, latest: denied, amendedAt: START + 1 })).toEqual(expected);
    expect(problemOf({ halt: { ...halt, scope: 'all', target: null } })?.detail).toContain('ann has halted everything');
  });

  it('is why its latest child was not sent, by slice and in words', () => {
    expect(problemOf({ latest: denied, amendedAt: START - 1 })).toEqual({
      code: 'BALANCE_INSUFFICIENT',
      detail: 'slice 3 was denied by the risk gate: the account has too little of what the order costs',
    });
    expect(problemOf({ latest: { ...denied, action: 'carry', reason: 'BEYOND_LIMIT' } })).toEqual({
      code: 'BEYOND_LIMIT',
      detail: 'slice 3 was not sent: the market is beyond the limit',
    });
    expect(problemOf({ latest: { ...denied, reason: 'COLLAR_UNSET' } })?.detail).toContain('risk gate: COLLAR_UNSET');
  });

  it('is what its latest order met at the venue', () => {
    expect(problemOf({ latest: { ...sent, problem: REFUSED } })).toEqual(REFUSED);
  });
});
