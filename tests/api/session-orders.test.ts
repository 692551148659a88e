import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, GOOD_START, OPEN_ACCOUNT, startFakeApi, withKey } from './fakes/platform.ts';
import { GOOD_SPEC } from './fakes/sessions.ts';

let app: FastifyInstance;
let platform: FakePlatform;
let session: string;
let order: string;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  platform.reconciliations.limits.push(OPEN_ACCOUNT);
  session = (await post('/v1/sessions', GOOD_SPEC)).json().id as string;
  order = (await post('/v1/executions', GOOD_START)).json().id as string;
  platform.executions.change(order, { owner: `session/${session}` });
});
afterEach(() => app.close());

const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers: withKey(), payload });
const command = (name: string, body = {}) => post(`/v1/executions/${order}/${name}`, body);

it.each([
  ['pause', {}],
  ['amend', { quantity: '6' }],
])('%s is refused for an order of a session that goes on', async (name, body) => {
  const answer = await command(name, body);
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({
    code: 'EXECUTION_OF_SESSION',
    detail: expect.stringContaining(`session ${session} wants this order as it is`),
    errors: [{ field: 'owner', value: `session/${session}` }],
  });
  expect(platform.commands).toEqual([]);
  // What a session that has ended has left behind is anybody's.
  platform.sessions.change(session, { status: 'stopped' });
  expect((await command(name, body)).statusCode).toBe(200);
});

it('a cancel is an end that the session sees, and a resume gives it back what it wants', async () => {
  expect((await command('cancel')).statusCode).toBe(200);
  expect((await command('resume')).statusCode).toBe(200);
});
