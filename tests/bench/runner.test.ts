import { afterEach, describe, expect, it } from '@jest/globals';
import { Runner } from '../../bench/runner.ts';

const ECHO = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, case: name, versions } = JSON.parse(line);
    if (name === 'die') process.exit(3);
    const answer = versions ? { versions: Object.fromEntries(versions.map((each) => [each, '1.2'])) }
      : name === 'fail' ? { error: 'ValueError: no such window' } : { elapsedMs: 5, shape: null, peakBytes: 1 };
    process.stdout.write(JSON.stringify({ id, ...answer }) + '\\n');
  });
`;

describe('a runner', () => {
  let runner: Runner;
  const start = (program = process.execPath): Runner =>
    (runner = new Runner({ program, args: ['-e', ECHO], env: process.env, pinnedCore: null }));
  afterEach(async () => {
    await runner.close();
  });
  const request = (name: string) => ({ case: name, bars: 'folder', options: {} });

  it('answers each request, of cases and of versions', async () => {
    start();
    await expect(runner.run(request('work'))).resolves.toMatchObject({ elapsedMs: 5, peakBytes: 1 });
    await expect(runner.versions(['vectorbt'])).resolves.toEqual({ vectorbt: '1.2' });
  });

  it('passes on what a case threw, and runs the next', async () => {
    start();
    await expect(runner.run(request('fail'))).rejects.toThrow('ValueError: no such window');
    await expect(runner.run(request('work'))).resolves.toMatchObject({ elapsedMs: 5 });
  });

  it('fails what was asked of a process that ended, and what is asked afterwards', async () => {
    start();
    await expect(runner.run(request('die'))).rejects.toThrow('ended (3)');
    await expect(runner.run(request('work'))).rejects.toThrow('ended (3)');
  });

  it('says so when there is no such program', async () => {
    start('no-such-python');
    await expect(runner.versions(['vectorbt'])).rejects.toThrow('no-such-python cannot be started');
  });
});
