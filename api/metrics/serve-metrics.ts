import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { FiguresReader } from '../../adapters/ports/platform-figures.ts';
import { viewer } from '../roles.ts';
import { answers, TextAnswer } from '../schemas.ts';
import { cached } from './cached.ts';
import { platformMetrics } from './platform-metrics.ts';

/** Serves `/metrics` for Prometheus: what this process counts, and the platform's figures as Postgres has them. */
export function serveMetrics(app: FastifyInstance, registry: Registry, figures: FiguresReader): void {
  const read = cached(async () => platformMetrics(await figures.readFigures()));
  app.get(
    '/metrics',
    {
      ...viewer,
      schema: {
        tags: ['health'],
        summary: 'Metrics in the text format of Prometheus',
        description: 'Figures of the database are read at most every 5 s, however often they are asked for.',
        response: answers({ 200: TextAnswer('text/plain', 'Metrics') }),
      },
    },
    async (request, reply) => {
      let platform = '';
      try {
        platform = `${await read()}\n`;
      } catch (error) {
        request.log.warn({ err: error }, 'the figures of the platform cannot be read');
      }
      const isRead = `# HELP tradewind_figures_read 1 when the figures of the database could be read.
# TYPE tradewind_figures_read gauge
tradewind_figures_read ${platform === '' ? 0 : 1}
`;
      return reply.type(registry.contentType).send(`${await registry.metrics()}\n${platform}${isRead}`);
    },
  );
}
