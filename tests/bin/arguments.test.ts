import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradewind } from './command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-cli-'));
const fileOf = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const START = ['exec', 'start', '--venue', 'sim', '--symbol', 'BTC/USDT', '--side', 'buy', '--quantity', '1'];

describe('arguments that cannot be used end with exit code 2 and say why', () => {
  it.each([
    ['an unknown command', ['exce'], "unknown command 'exce'"],
    ['an unknown option', [...START, '--amount', '1'], "unknown option '--amount'"],
    ['a missing option', ['exec', 'start'], "required option '--venue <id>' not specified"],
    ['a missing id', ['exec', 'show'], "missing required argument 'id'"],
    ['a length without a unit', [...START, '--duration', '300'], 'no length of time'],
    ['slices that are no number', [...START, '--slices', 'many'], '"many" is no number'],
    ['a parameter without a value', [...START, '--param', 'catchUpFactor'], 'name=value'],
    ['a status that is none', ['exec', 'list', '--status', 'done'], 'Allowed choices are running'],
    ['a halt without a reason', ['risk', 'halt'], "required option '--reason <text>'"],
    ['a new limit that is no price', ['exec', 'amend', 'ex-1', '--limit', 'foo'], 'or none for no limit'],
    ['a replay of nothing', ['replay'], "missing required argument 'files'"],
    ['a file that is not there', ['calc', 'plan', '--input', join(folder, 'none.json')], 'cannot be read'],
    ['a file that is not JSON', ['calc', 'plan', '--input', fileOf('broken.json', '{')], 'is not JSON'],
  ])('%s', async (_, args, words) => {
    const outcome = await tradewind(...args);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(words);
    expect(outcome.stdout).toBe('');
  });

  it('with --json the one document on stdout is the problem document', async () => {
    const outcome = await tradewind('exec', 'start', '--json');
    expect(outcome.exitCode).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      code: 'INVALID_INPUT',
      detail: expect.stringContaining('--venue'),
    });
  });

  it('each field of an input file that is wrong is named', async () => {
    const input = fileOf('wrong.json', '{"quantity":"-1","slices":0}');
    const outcome = await tradewind('calc', 'plan', '--input', input, '--json');
    expect(outcome.exitCode).toBe(2);
    expect(
      JSON.parse(outcome.stdout)
        .errors.map((error: { field: string }) => error.field)
        .toSorted(),
    ).toEqual(['lot', 'quantity', 'slices']);
  });
});

it('lengths of time are shown as they are given', async () => {
  const { stdout } = await tradewind('chaos', '--help');
  // commander breaks long lines where it likes.
  const text = stdout.replaceAll(/\s+/g, ' ');
  for (const shown of ['10m (default: 50s)', 'disturbances (default: 60s)', '2m (default: 0s)'])
    expect(text).toContain(shown);
});

it('help lists every command and the exit codes, and is no error', async () => {
  const outcome = await tradewind('--help');
  expect(outcome.exitCode).toBe(0);
  for (const name of ['up', 'status', 'down', 'exec', 'verify', 'risk', 'sim', 'calc', 'replay'])
    expect(outcome.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(outcome.stdout).toContain('6 the awaited job failed');
});

it('a command that needs a stack says so with exit code 5 when none runs', async () => {
  const outcome = await tradewind('exec', 'show', 'x', '--home', join(folder, 'empty'), '--json');
  expect(outcome.exitCode).toBe(5);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    code: 'NO_STACK',
    detail: expect.stringContaining('tradewind up'),
  });
});

describe('calc needs no stack', () => {
  it('plan cuts 0.00105 in 4 slices of whole lots of 0.00001', async () => {
    // floor(105 * k / 4): 26, 52, 78, 105 lots.
    const input = fileOf('plan.json', '{"quantity":"0.00105","lot":"0.00001","slices":4}');
    const { exitCode, stdout } = await tradewind('calc', 'plan', '--input', input, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).slices.map((slice: { quantity: string }) => slice.quantity)).toEqual([
      '0.00026',
      '0.00026',
      '0.00026',
      '0.00027',
    ]);
  });

  it('shortfall splits the published example exactly', async () => {
    // Buy 50,000 decided at 42, arrived at 42.30, 35,000 filled at 42.75, cancelled at 43.50, no fee:
    // delay 35,000 * 0.30, execution 35,000 * 0.45, opportunity 15,000 * 1.50.
    const input = fileOf(
      'shortfall.json',
      JSON.stringify({
        side: 'buy',
        ordered: '50000',
        decision: '42',
        arrival: '42.3',
        end: '43.5',
        fills: [{ price: '42.75', quantity: '35000' }],
      }),
    );
    const { stdout } = await tradewind('calc', 'shortfall', '--input', input, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      delay: '10500',
      execution: '15750',
      opportunity: '22500',
      quote: '48750',
      residual: '15000',
    });
  });
});
