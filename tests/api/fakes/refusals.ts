import { expect } from '@jest/globals';
import type { FakePlatform } from './platform.ts';

interface Answer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A refusal that says what is wrong, in the one form, and gives nothing away. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const problem = JSON.parse(answer.body) as { readonly status: number; readonly code: string };
  expect([answer.statusCode, problem.status, problem.code]).toEqual([status, status, code]);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).not.toMatch(/node_modules|\.ts:|at Object|select |insert /);
  expect(answer.body.length).toBeLessThan(6_000);
}

/** What requests left behind on a platform. */
export function tracesOf({ executions, startedWorkflows, commands, halts, keys }: FakePlatform) {
  return {
    executions: executions.records.size,
    idempotencyKeys: executions.claims.size,
    startedWorkflows,
    commands,
    halts,
    keys: [...keys.keys.keys()],
  };
}

/** The traces of requests that were all refused. */
export const NO_TRACES: ReturnType<typeof tracesOf> = {
  executions: 0,
  idempotencyKeys: 0,
  startedWorkflows: [],
  commands: [],
  halts: [],
  keys: ['admin'],
};
