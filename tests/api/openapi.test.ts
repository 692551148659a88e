import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import { startFakeApi } from './fakes/platform.ts';

let app: FastifyInstance;
const routes: string[] = [];
beforeAll(async () => {
  ({ app } = await startFakeApi());
});
afterAll(() => app.close());

interface Operation {
  readonly summary?: string;
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

it('is a valid OpenAPI 3.1 document', async () => {
  const answer = await app.inject('/openapi.json');
  expect(answer.statusCode).toBe(200);
  const result = await new Validator().validate(answer.json());
  expect(result).toEqual({ valid: true });
  expect(answer.json().openapi).toMatch(/^3\.1\./);
});

it('has the version of the package and of the latest part of the changelog', async () => {
  const textOf = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
  const { version } = (await app.inject('/openapi.json')).json().info;
  expect(JSON.parse(await textOf('package.json')).version).toBe(version);
  const lock = JSON.parse(await textOf('package-lock.json'));
  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  expect(/^## (.+)$/m.exec(await textOf('CHANGELOG.md'))?.[1]).toBe(version);
});

it('describes every address of /v1, each with a summary and problem documents', async () => {
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, Operation>> };
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      routes.push(`${method.toUpperCase()} ${path}`);
      expect(operation.summary).toEqual(expect.any(String));
      if (path === '/v1/health') continue;
      expect(Object.keys(operation.responses['401']?.content ?? {})).toEqual(['application/problem+json']);
    }
  }
  expect(routes.toSorted()).toEqual([
    'DELETE /v1/datasets/{id}',
    'DELETE /v1/keys/{name}',
    'GET /metrics',
    'GET /v1/backtests',
    'GET /v1/backtests/report.html',
    'GET /v1/backtests/{id}',
    'GET /v1/backtests/{id}/equity.csv',
    'GET /v1/backtests/{id}/manifest',
    'GET /v1/backtests/{id}/report.html',
    'GET /v1/backtests/{id}/report.json',
    'GET /v1/backtests/{id}/trades',
    'GET /v1/backtests/{id}/trades.csv',
    'GET /v1/datasets',
    'GET /v1/datasets/downloads',
    'GET /v1/datasets/downloads/{id}',
    'GET /v1/datasets/{id}',
    'GET /v1/events',
    'GET /v1/events/history',
    'GET /v1/executions',
    'GET /v1/executions/{id}',
    'GET /v1/executions/{id}/fills',
    'GET /v1/executions/{id}/report',
    'GET /v1/executions/{id}/slices',
    'GET /v1/halts',
    'GET /v1/health',
    'GET /v1/keys',
    'GET /v1/limits',
    'GET /v1/optimizations',
    'GET /v1/optimizations/{id}',
    'GET /v1/optimizations/{id}/report.html',
    'GET /v1/optimizations/{id}/result',
    'GET /v1/optimizations/{id}/results',
    'GET /v1/optimizations/{id}/results.csv',
    'GET /v1/orders',
    'GET /v1/orders/{clientOrderId}',
    'GET /v1/reconciliations',
    'GET /v1/reconciliations/foreign-orders',
    'GET /v1/reconciliations/foreign-trades',
    'GET /v1/sessions',
    'GET /v1/sessions/{id}',
    'GET /v1/sessions/{id}/check-list',
    'GET /v1/sessions/{id}/decisions',
    'GET /v1/sessions/{id}/equity',
    'GET /v1/sessions/{id}/journal',
    'GET /v1/sessions/{id}/orders',
    'GET /v1/sessions/{id}/positions',
    'GET /v1/sessions/{id}/reconciliation',
    'GET /v1/sessions/{id}/trades',
    'GET /v1/strategies',
    'GET /v1/strategies/{id}',
    'GET /v1/streams',
    'GET /v1/venues',
    'GET /v1/venues/{id}',
    'GET /v1/venues/{id}/instruments',
    'POST /v1/backtests',
    'POST /v1/backtests/check',
    'POST /v1/backtests/{id}/cancel',
    'POST /v1/datasets',
    'POST /v1/datasets/downloads',
    'POST /v1/datasets/downloads/{id}/cancel',
    'POST /v1/datasets/{id}/resample',
    'POST /v1/executions',
    'POST /v1/executions/{id}/amend',
    'POST /v1/executions/{id}/cancel',
    'POST /v1/executions/{id}/pause',
    'POST /v1/executions/{id}/resume',
    'POST /v1/halts',
    'POST /v1/halts/{id}/lift',
    'POST /v1/keys',
    'POST /v1/optimizations',
    'POST /v1/optimizations/{id}/cancel',
    'POST /v1/optimizations/{id}/pause',
    'POST /v1/optimizations/{id}/resume',
    'POST /v1/orders/{clientOrderId}/settle',
    'POST /v1/sessions',
    'POST /v1/sessions/check',
    'POST /v1/sessions/{id}/adjust',
    'POST /v1/sessions/{id}/amend',
    'POST /v1/sessions/{id}/comparison',
    'POST /v1/sessions/{id}/pause',
    'POST /v1/sessions/{id}/reconcile',
    'POST /v1/sessions/{id}/resume',
    'POST /v1/sessions/{id}/stop',
  ]);
});
