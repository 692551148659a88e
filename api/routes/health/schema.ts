import Type from 'typebox';
import { answers, Nullable } from '../../schemas.ts';

const Part = Type.Object({ ok: Type.Boolean(), error: Nullable(Type.String()) });

export const Health = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'down'], {
    description: 'down: nothing can be accepted; degraded: part of the work stands still',
  }),
  postgres: Part,
  temporal: Part,
  queues: Type.Array(
    Type.Object({
      queue: Type.String(),
      workflowPollers: Type.Integer(),
      activityPollers: Type.Integer(),
      activitiesWaiting: Type.Integer({ description: 'Those that wait for a worker with a free place, about' }),
      waitingMs: Type.Integer({ description: 'For how long the oldest of them has waited' }),
    }),
  ),
  venues: Type.Array(Type.Object({ id: Type.String(), status: Type.String() })),
});

export const schema = {
  tags: ['health'],
  summary: 'How the platform is; needs no key',
  security: [],
  response: answers({ 200: Health, 503: Health }),
};
