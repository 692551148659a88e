import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { readStrategyReadme } from '../../../adapters/strategies/strategy-readme.ts';
import { suggestion } from '../../../domain/parameters/closest-match.ts';
import { jsonSchemaOf } from '../../../domain/parameters/param-spec.ts';
import { findStrategy, strategies } from '../../../domain/strategies/registry.ts';
import type { Strategy } from '../../../domain/strategies/strategy.ts';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { Problem } from '../../problems.ts';
import { schemas } from './schema.ts';

function strategyView({ id, title, params, rules }: Strategy) {
  return {
    id,
    title,
    params: {
      type: 'object',
      properties: Object.fromEntries(params.map((spec) => [spec.name, jsonSchemaOf(spec)])),
      required: params.filter((spec) => spec.default === null).map((spec) => spec.name),
      additionalProperties: false,
    },
    kernel: rules !== undefined,
  };
}

/** `/v1/strategies` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app) => {
  app.get('', { ...viewer, schema: schemas.list }, async () => ({ items: strategies.map(strategyView) }));

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params }) => {
    const strategy = findStrategy(params.id);
    if (strategy === undefined) {
      const known = strategies.map(({ id }) => id);
      throw new Problem('STRATEGY_NOT_FOUND', `There is no strategy "${params.id}".`, [
        { field: 'id', value: params.id, message: `no such strategy; ${suggestion(params.id, known)}` },
      ]);
    }
    return { ...strategyView(strategy), readme: await readStrategyReadme(strategy.id) };
  });
};

export default routes;
