import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';

/** Makes the OpenAPI 3.1 document from the schemas of the routes that follow. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tradewind',
        version: '0.4.0',
        description: [
          'Backtests, searches of parameters and order executions as durable workflows on Temporal: what is accepted survives the end of any process.',
          '**Numbers.** Data sets, backtests and optimisations hold JSON numbers, and `null` with a reason where a figure is not defined. Executions, their orders and balances hold money, prices and quantities as exact decimals in text (`"0.5"`).',
          '**To begin:** import bars with `POST /v1/datasets`, run `POST /v1/backtests` on the `datasetId` that it answers, read `GET /v1/backtests/{id}` and its `/report.html`.',
          'Errors are problem documents (RFC 9457) with a stable `code`. Every call but `/v1/health` carries a key as `Authorization: Bearer <key>`; `x-role` is the least role that it needs.',
        ].join('\n\n'),
      },
      tags: [
        { name: 'datasets', description: 'Bars for backtests: import, download, read, delete' },
        { name: 'strategies', description: 'The strategies here, with the schema of their parameters' },
        { name: 'backtests', description: 'Run a strategy over bars; figures, trades, equity, report' },
        { name: 'optimizations', description: 'Search parameters, and judge the best for overfitting' },
        { name: 'executions', description: 'Start, follow and command executions' },
        { name: 'orders', description: 'Orders of all executions, with their fills' },
        { name: 'events', description: 'Every change of state: follow them, read past ones' },
        { name: 'halts', description: 'Stop trading, and allow it again' },
        { name: 'venues', description: 'Venue accounts, their instruments and health' },
        { name: 'streams', description: 'Market-data and account streams and their health' },
        { name: 'limits', description: 'The limits of the risk gate' },
        { name: 'reconciliations', description: 'What differs between the venues and us' },
        { name: 'keys', description: 'Who may use the API' },
        { name: 'health', description: 'Whether the platform works' },
      ],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: withRole(schema, route.config?.role), url }),
  });
}

/** The least role of a route, as an extension of the document. */
function withRole(schema: FastifySchema | undefined, role: string | undefined): FastifySchema {
  return { ...schema, ...(role === undefined ? {} : { 'x-role': role }) };
}
