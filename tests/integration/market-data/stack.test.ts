import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describeWithData, testData } from '../../helpers/test-data.ts';
import { ROOT } from '../../helpers/script.ts';
import { startStack, type TestStack } from '../../helpers/stack.ts';

const START_MS = 180_000;
const MONTH = 'backtesting/bars/BTC-PERP_1m_2022-01.csv.gz';

describeWithData('market data on a running stack', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack();
  }, START_MS);
  afterAll(() => stack?.stop(), START_MS);

  /** One command of the command line, and its one document. */
  async function data(...args: readonly string[]) {
    const command = [join(ROOT, 'bin', 'tradewind.mjs'), 'data', ...args, '--json', '--home', stack.home];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, document: JSON.parse(stdout) };
  }

  it(
    'imports a month of minutes, and once more without storing it again',
    async () => {
      const args = ['import', testData(MONTH), '--symbol', 'BTC-PERP', '--timeframe', '1m', '--stamp', 'close'];
      const first = await data(...args);
      // The file's first stamp is 23:01: as a close, of the bar that opened at 23:00.
      expect(first).toMatchObject({
        code: 0,
        document: { rows: 45_031, gaps: 0, duplicates: 0, firstAt: '2021-12-31T23:00:00.000Z', hasVolume: true },
      });
      expect(await data(...args)).toEqual(first);
      expect((await data('list')).document.items).toEqual([first.document]);
    },
    START_MS,
  );

  it(
    'downloads candles of the venue into a data set',
    async () => {
      const to = Math.floor(Date.now() / 60_000) * 60_000;
      const iso = (time: number): string => new Date(time).toISOString();
      const market = ['--venue', 'sim', '--symbol', 'BTC/USDT', '--timeframe', '1m'];
      const range = ['--from', iso(to - 30 * 60_000), '--to', iso(to)];
      const { code, document } = await data('download', ...market, ...range);
      expect([code, document.rows, document.gaps, document.lastAt]).toEqual([0, 30, 0, iso(to - 60_000)]);
      expect(document.source).toMatchObject({ kind: 'download', venue: 'sim' });
    },
    START_MS,
  );
});
