import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { FILE_KEY_NAME, type KeyRecord } from '../../../adapters/storage/key-store.ts';
import { hashKey } from '../../auth.ts';
import { iso } from '../../iso.ts';
import { newKey } from '../../keys/new-key.ts';
import type { RouteOptions } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { admin } from '../../roles.ts';
import { schemas } from './schema.ts';

function keyView({ createdAt, revokedAt, ...key }: KeyRecord) {
  return {
    ...key,
    createdAt: iso(createdAt),
    revokedAt: iso(revokedAt),
  };
}

/** `/v1/keys` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { keys } }) => {
  app.get('', { ...admin, schema: schemas.list }, async () => ({
    items: (await keys.listKeys()).map(keyView),
    next: null,
  }));

  app.post('', { ...admin, schema: schemas.create }, async ({ body: { name, role }, owner }, reply) => {
    const key = newKey();
    const created = await keys.createKey({ hash: hashKey(key), name, role }, owner);
    if (created === null) {
      const message = 'taken, perhaps by a revoked key; choose another';
      throw new Problem('KEY_NAME_TAKEN', `name: ${message}`, [{ field: 'name', value: name, message }]);
    }
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...keyView(created), key });
  });

  app.delete('/:name', { ...admin, schema: schemas.revoke }, async ({ params: { name }, owner }) => {
    const field = (message: string) => [{ field: 'name', value: name, message }];
    if (name === FILE_KEY_NAME) {
      const message = 'this key comes from admin.key: to replace it, delete the file and restart the API';
      throw new Problem('KEY_PROTECTED', `name: ${message}`, field(message));
    }
    const outcome = await keys.revokeKey(name, owner);
    switch (outcome.kind) {
      case 'revoked':
        return keyView(outcome.key);
      case 'last-admin': {
        const message = 'the last admin key; make another one first';
        throw new Problem('KEY_PROTECTED', `name: ${message}`, field(message));
      }
      case 'unknown':
        throw new Problem('KEY_NOT_FOUND', `There is no key "${name}".`, field('not known'));
      default:
        return outcome satisfies never;
    }
  });
};

export default routes;
