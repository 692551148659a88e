import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { RunPlan } from '../../../bin/chaos/plan.ts';
import { tradewind } from '../command-line.ts';

const noStack = mkdtempSync(join(tmpdir(), 'tradewind-chaos-'));

describe('tradewind chaos', () => {
  it('prints the plan of a seed, the same each time, and does nothing', async () => {
    const args = [
      'chaos',
      '--plan-only',
      '--runs',
      '3',
      '--seed',
      '5',
      '--targets',
      'venue,faults',
      '--faults-per-run',
      '4',
    ];
    const { exitCode, stdout } = await tradewind(...args, '--json');
    expect(exitCode).toBe(0);
    const runs = JSON.parse(stdout) as readonly RunPlan[];
    expect(runs.map(({ run, strikes, executions }) => [run, strikes.length, executions.length])).toEqual([
      [1, 4, 8],
      [2, 4, 8],
      [3, 4, 8],
    ]);
    expect((await tradewind(...args, '--json')).stdout).toBe(stdout);
    const readable = (await tradewind(...args)).stdout;
    expect(readable.trimEnd().split('\n')).toHaveLength(12);
    expect(readable).toContain('kill venue');
  });

  it.each([
    ['a target that is none', ['--targets', 'exchange'], 'the targets are trading, venue'],
    ['no runs', ['--runs', '0'], 'no whole number from 1 to 1000'],
    ['a seed that is none', ['--seed', '1.5'], 'no whole number of 32 bits'],
    ['executions that are too short', ['--length', '2s'], 'is not from 10s to 10m'],
    ['nothing to disturb', ['--executions', '0'], 'give --sessions as well'],
    ['a soak with sessions', ['--soak', '2m', '--sessions', '1'], 'leave --sessions away'],
    ['a number of sessions that is none', ['--sessions', '-1'], 'no whole number from 1 to 1000'],
    ['a soak that is shorter than its interval', ['--soak', '30s'], '--soak is shorter than --every'],
  ])('refuses %s', async (_, args, words) => {
    const outcome = await tradewind('chaos', '--home', noStack, ...args);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(words);
  });

  it('ends with 5 where no stack runs', async () => {
    expect((await tradewind('chaos', '--home', noStack)).exitCode).toBe(5);
  });
});

describe('tradewind up', () => {
  it.each(['0', '9', '1.5', 'two'])('refuses %s workers of a kind', async (workers) => {
    const outcome = await tradewind('up', '--home', noStack, '--workers', workers);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('no whole number from 1 to 8');
  });
});
