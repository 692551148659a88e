import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { WorkflowFate } from '../../adapters/ports/workflow-directory.ts';
import { lookAfterSessions } from '../../api/sessions/look-after.ts';
import { type FakePlatform, NOW, OPEN_ACCOUNT, startFakeApi, withKey } from './fakes/platform.ts';
import { expectProblem } from './fakes/refusals.ts';
import { GOOD_SPEC } from './fakes/sessions.ts';

const TERMINATED: WorkflowFate = { kind: 'closed', how: 'terminated', at: NOW - 10_000 };
const WORKFLOW = 'session/id-1';

let app: FastifyInstance;
let platform: FakePlatform;
let listed: Set<string>;
let warnings: string[];
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  platform.reconciliations.limits.push(OPEN_ACCOUNT);
  expect((await post('', GOOD_SPEC)).json().workflowId).toBe(WORKFLOW);
  platform.sessions.change('id-1', { bars: 7, status: 'paused' });
  listed = new Set();
  warnings = [];
});
afterEach(() => app.close());

const post = (part: string, payload: object) =>
  app.inject({ method: 'POST', url: `/v1/sessions${part}`, headers: withKey(), payload });
const command = (name: string, payload: object = {}) => post(`/id-1/${name}`, payload);
const session = () => platform.sessions.entries.get('id-1')!.record;

const lookAfter = ({ sessions } = platform.dependencies()) =>
  lookAfterSessions({
    ...platform.dependencies(),
    sessions,
    workflowDirectory: {
      openWorkflows: async (type) => (type === 'session' ? listed : new Set()),
      fateOf: async (workflowId) => platform.sessions.fates.get(workflowId) ?? { kind: 'open' },
    },
    log: { warn: (line: unknown) => warnings.push(String(line)) },
  });

describe('a session whose workflow the server does not know', () => {
  beforeEach(() => void platform.sessions.fates.set(WORKFLOW, { kind: 'missing' }));

  it('is started again as it stands, and everybody is told', async () => {
    await lookAfter();
    await lookAfter();
    expect(platform.sessions.restarted).toEqual([[WORKFLOW, 'paused']]);
    expect(platform.sessions.restarts).toEqual([['id-1', 'the Temporal server did not know its workflow any more']]);
    expect(warnings).toEqual([expect.stringContaining('session id-1: the Temporal server did not know')]);
    expect(session()).toMatchObject({ status: 'paused', problem: null });
  });

  it('is left to the next look when the server does not take the start', async () => {
    platform.sessions.temporalFailure = new Error('14 UNAVAILABLE');
    await expect(lookAfter()).rejects.toThrow('UNAVAILABLE');
    expect(platform.sessions.restarts).toEqual([]);
    platform.sessions.temporalFailure = null;
    await lookAfter();
    expect(platform.sessions.restarted).toHaveLength(1);
  });

  it.each([
    ['has ended meanwhile', { status: 'stopped', endedAt: NOW }],
    ['was ended by somebody, which the server has forgotten', { problem: { code: 'WORKFLOW_ENDED', detail: 'then' } }],
  ] as const)('is not started again when it %s', async (_, changes) => {
    platform.sessions.change('id-1', changes);
    await lookAfter();
    expect(platform.sessions.restarted).toEqual([]);
  });

  it('has a command on record before it is started again', async () => {
    expect((await command('stop', { mode: 'flatten' })).json().status).toBe('stopping');
    expect(platform.sessions.restarted).toEqual([[WORKFLOW, 'stopping']]);
    expect(platform.sessions.restarts).toEqual([['id-1', 'stop by admin']]);
  });
});

describe('a session whose workflow somebody has ended', () => {
  beforeEach(() => void platform.sessions.fates.set(WORKFLOW, TERMINATED));

  it('is not started again, and says what that means and what to do', async () => {
    await lookAfter();
    await lookAfter();
    expect(platform.sessions.restarted).toEqual([]);
    const { problem } = (await app.inject({ url: '/v1/sessions/id-1', headers: withKey() })).json();
    expect(problem.code).toBe('WORKFLOW_ENDED');
    expect(problem.detail).toContain('session/id-1 was terminated in Temporal at 2026-11-23T11:59:50.000Z');
    expect(problem.detail).toContain('watched by nobody');
    expect(problem.detail).toContain('"session resume id-1" starts it again');
    expect(warnings).toHaveLength(1);
  });

  it('is let be for ten seconds, in which its last words may be on their way', async () => {
    platform.sessions.fates.set(WORKFLOW, { kind: 'closed', how: 'completed', at: NOW - 9_999 });
    await lookAfter();
    expect(session().problem).toBeNull();
  });

  it('is let be when a person has had it started again since it was seen', async () => {
    const { sessions } = platform.dependencies();
    const find = async (id: string) => {
      platform.sessions.fates.delete(WORKFLOW);
      return sessions.find(id);
    };
    await lookAfter({ ...platform.dependencies(), sessions: { ...sessions, find } });
    expect([session().problem, warnings]).toEqual([null, []]);
  });

  it('has what was the matter with it before on record again once its workflow runs', async () => {
    const problem = { code: 'STRATEGY_FAILED', detail: 'at a bar' };
    platform.sessions.change('id-1', { problem });
    await lookAfter();
    expect(session().problem!.code).toBe('WORKFLOW_ENDED');
    platform.sessions.fates.delete(WORKFLOW);
    listed.add(WORKFLOW);
    await lookAfter();
    expect(session().problem).toEqual(problem);
  });

  it.each([
    ['resume', { reason: 'looked' }, 'running'],
    ['stop', { mode: 'keep' }, 'stopping'],
  ])('is started again by a %s, which is on record before', async (name, body, status) => {
    await lookAfter();
    const answer = await command(name, body);
    expect([answer.statusCode, answer.json().status, answer.json().problem]).toEqual([200, status, null]);
    expect(platform.sessions.recorded).toMatchObject([{ kind: name, by: 'admin' }]);
    expect(platform.sessions.restarted).toEqual([[WORKFLOW, status]]);
    expect(platform.sessions.restarts).toEqual([['id-1', `${name} by admin`]]);
  });

  it.each([
    ['pause', { mode: 'flatten' }],
    ['amend', { params: { fast: 5 } }],
  ])('takes no %s before that', async (name, body) => {
    expectProblem(await command(name, body), 409, 'COMMAND_REFUSED');
    expect(platform.sessions.recorded).toEqual([]);
    expect(platform.sessions.restarted).toEqual([]);
  });

  it('cannot be resumed while it is being stopped', async () => {
    platform.sessions.change('id-1', { status: 'stopping', stopMode: 'keep' });
    const answer = await command('resume', { reason: 'looked' });
    expectProblem(answer, 409, 'COMMAND_REFUSED');
    expect(platform.sessions.restarted).toEqual([]);
  });

  it('says so no longer once its workflow runs again, as after a reset in the Temporal UI', async () => {
    await lookAfter();
    platform.sessions.fates.delete(WORKFLOW);
    listed.add(WORKFLOW);
    await lookAfter();
    expect(session().problem).toBeNull();
  });
});

it('a session that runs costs nothing but its place in the list', async () => {
  listed.add(WORKFLOW);
  platform.sessions.fates.set(WORKFLOW, TERMINATED);
  await lookAfter();
  expect(session().problem).toBeNull();
});
