import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Makes the OpenAPI 3.1 document from the schemas of the routes that follow. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tradewind',
        version: '0.2.0',
        description:
          'Durable executions on Temporal. Money, prices and quantities are exact decimals as text. Errors are problem documents (RFC 9457) with a stable `code`.',
      },
      tags: [
        { name: 'executions', description: 'Start, follow and command executions' },
        { name: 'halts', description: 'Stop trading, and allow it again' },
        { name: 'venues', description: 'Venue accounts, their instruments and health' },
        { name: 'datasets', description: 'Bars for backtests: import, download, read' },
        { name: 'health', description: 'Whether the platform works' },
      ],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
  });
}
