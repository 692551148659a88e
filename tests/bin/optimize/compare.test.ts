import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { PARTS, RESULT } from '../../api/fakes/backtest-result.ts';
import { ADMIN_KEY, type FakePlatform, startFakeApi, withKey } from '../../api/fakes/platform.ts';
import { sampleSearch } from '../../helpers/sample-optimization.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { tradewind } from '../command-line.ts';

const SPACE = { fast: { values: [5, 10] }, slow: { values: [20, 40] } };
const SPEC = {
  data: { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
  strategy: { id: 'sma-cross' },
  space: SPACE,
  walkForward: null,
};
const { result } = sampleSearch({ space: SPACE, constraints: [], walkForward: null });

describe('optimize compare', () => {
  const page = join(tempFolder(), 'page.html');
  let app: FastifyInstance;
  let platform: FakePlatform;

  beforeEach(async () => {
    ({ app, platform } = await startFakeApi());
    process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
    process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
    await app.inject({ method: 'POST', url: '/v1/optimizations', headers: withKey(), body: SPEC });
    platform.optimizations.change('id-1', { status: 'completed', result });
    platform.backtests.onStart = ({ id }) => {
      platform.backtests.change(id, { status: 'completed', result: RESULT });
      platform.backtests.parts.set(id, PARTS);
    };
  });
  afterEach(async () => {
    delete process.env['TRADEWIND_API_URL'];
    delete process.env['TRADEWIND_API_KEY'];
    await app.close();
  });

  async function compare(...args: readonly string[]) {
    const { exitCode, stdout } = await tradewind('optimize', 'compare', 'id-1', ...args, '--out', page, '--json');
    return { exitCode, document: JSON.parse(stdout) };
  }

  it('runs the best from the bar at which all combinations began, and puts them on one page', async () => {
    const { exitCode, document } = await compare('--top', '3');
    expect(exitCode).toBe(0);
    expect(document.backtests.map(({ index }: { index: number }) => index)).toEqual(
      result.top.slice(0, 3).map(({ index }) => index),
    );
    const specs = [...platform.backtests.records.values()].map(({ request }) => request.spec);
    expect(specs).toHaveLength(3);
    specs.forEach((spec, i) => {
      expect(Date.parse(spec.from!)).toBe(Date.parse(result.span.from));
      expect(spec.strategy).toMatchObject({ id: 'sma-cross', params: result.top[i]!.params });
    });
    expect(readFileSync(page, 'utf8')).toContain('<title>3 backtests compared</title>');
  });

  it('starts nothing anew when it is asked again', async () => {
    const first = await compare('--top', '2');
    const second = await compare('--top', '2');
    expect(second).toEqual(first);
    expect(platform.backtests.records.size).toBe(2);
  });

  it('says which backtest came to nothing', async () => {
    platform.backtests.onStart = ({ id }) => platform.backtests.change(id, { status: 'failed' });
    const { exitCode, document } = await compare('--top', '1');
    expect(exitCode).toBe(6);
    expect(document).toEqual({
      id: 'id-1',
      out: null,
      backtests: [
        { id: expect.any(String), index: result.top[0]!.index, params: result.top[0]!.params, status: 'failed' },
      ],
    });
  });

  it('has nothing to compare where no combination has a score, or no result is there yet', async () => {
    platform.optimizations.change('id-1', { result: { ...result, top: [] } });
    expect(await compare()).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining('nothing to') } });
    platform.optimizations.change('id-1', { status: 'running', result: null });
    expect(await compare()).toMatchObject({ exitCode: 4, document: { code: 'NO_RESULT' } });
  });

  it.each(['0', '7', '1.5', 'x'])('refuses --top %s', async (top) => {
    expect((await compare('--top', top)).exitCode).toBe(2);
  });
});
