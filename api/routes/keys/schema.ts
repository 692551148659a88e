import Type from 'typebox';
import { answers, Nullable } from '../../schemas.ts';

const KeyName = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: String.raw`^[A-Za-z0-9][A-Za-z0-9_.\-]*$`,
  description: 'the name of a key, 1 to 60 letters, digits, "_", "." or "-"; what it starts is kept under it',
});

const Role = Type.Enum(['viewer', 'operator', 'trader', 'admin'], {
  description: 'what the key may do; each role may do what those before it may',
});

const Key = Type.Object({
  name: Type.String(),
  role: Role,
  createdAt: Type.String(),
  createdBy: Nullable(Type.String({ description: 'name of the key that made it; null for that of admin.key' })),
  revokedAt: Nullable(Type.String()),
  revokedBy: Nullable(Type.String()),
});

const CreatedKey = Type.Interface([Key], {
  key: Type.String({ description: 'the key itself; it is shown this once and stored nowhere' }),
});

const tags = ['keys'];

export const schemas = {
  list: {
    tags,
    summary: 'List keys, revoked ones too',
    response: answers({ 200: Type.Object({ items: Type.Array(Key), next: Type.Null() }) }),
  },
  create: {
    tags,
    summary: 'Make a key; it is shown once',
    description: 'A name is used once: that of a revoked key stays taken.',
    body: Type.Object(
      { name: KeyName, role: Role },
      {
        additionalProperties: false,
        description: 'a JSON object',
        examples: [{ name: 'wall-screen', role: 'viewer' }],
      },
    ),
    response: answers({ 201: CreatedKey }, 409, 413, 415),
  },
  revoke: {
    tags,
    summary: 'Revoke a key, at once and for good',
    description:
      'The key of admin.key and the last admin key cannot be revoked. Streams of events that the key follows end within 15 s.',
    params: Type.Object({ name: KeyName }),
    response: answers({ 200: Key }, 404, 409),
  },
};
