import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { workflowBundlePath } from '../helpers/workflow-bundle.ts';

jest.setTimeout(60_000);

const TWO_MEGABYTES = 2 * 1024 * 1024;

/** Whatever a workflow reaches is frozen by running histories, so it shall reach little. */
describe('the workflow bundle', () => {
  let code: string;

  beforeAll(async () => {
    code = readFileSync(await workflowBundlePath(), 'utf8');
  });

  it('holds the execution workflow and its schedule', () => {
    expect(code).toContain('workflows/execution/workflow.ts');
    expect(code).toContain('domain/execution/twap/schedule.ts');
  });

  it('stays below 2 MB', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(TWO_MEGABYTES);
  });

  it.each([
    'domain/indicators/',
    'domain/backtest/',
    'domain/risk/',
    'domain/matching/',
    'domain/market/time-zones',
    'domain/execution/twap/decide.ts',
    'domain/execution/costs/',
    'node_modules/ml-matrix/',
    'node_modules/@stdlib/',
    'node_modules/simple-statistics/',
  ])('does not reach %s', (path) => {
    expect(code).not.toContain(path);
  });
});
