import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findTemporalCli } from '../../../bin/stack/temporal-binary.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
let said: string[];
let place: string;

beforeEach(() => {
  said = [];
  place = mkdtempSync(join(folder, 'case-'));
  process.env['TRADEWIND_CACHE'] = join(place, 'cache');
  program(join(place, 'cache', 'temporal-cli', 'official', 'program'), '1.9.1');
});

/** A program that answers `--version` as the Temporal CLI of that version does. */
function program(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "temporal version ${version} (Server 1.0.0, UI 1.0.0)"\n`, { mode: 0o755 });
  return path;
}

const onPath = (version: string) => dirname(program(join(place, 'path', 'temporal'), version));
const find = (env: NodeJS.ProcessEnv) =>
  findTemporalCli((line) => said.push(line), { PATH: join(place, 'empty'), ...env });

describe('the Temporal CLI', () => {
  it('is TEMPORAL_CLI_PATH before anything else', async () => {
    const chosen = program(join(place, 'chosen'), '1.8.2');
    const found = await find({ TEMPORAL_CLI_PATH: chosen, PATH: onPath('1.9.1') });
    expect(found).toEqual({ path: chosen, source: 'TEMPORAL_CLI_PATH', version: '1.8.2' });
  });

  it('is the one on the PATH before the cached copy', async () => {
    expect(await find({ PATH: onPath('1.5.1') })).toMatchObject({ source: 'PATH', version: '1.5.1' });
  });

  it.each(['1.5.0', '1.4.9', '0.12.0'])(
    'is not the one on the PATH when that is %s, and a line says so',
    async (version) => {
      expect(await find({ PATH: onPath(version) })).toMatchObject({ source: 'cache', version: '1.9.1' });
      expect(said[0]).toContain(`passed over: it is ${version}; 1.5.1 or newer is needed`);
    },
  );

  it('is not another program of that name on the PATH', async () => {
    const other = join(place, 'path', 'temporal');
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await find({ PATH: dirname(other) })).toMatchObject({ source: 'cache' });
  });

  it('is the cached copy without any network', async () => {
    expect(await find({})).toMatchObject({ source: 'cache', version: '1.9.1' });
  });

  it('is told with its version and place', async () => {
    const { path } = await find({});
    expect(said).toEqual([`Temporal CLI 1.9.1 (cache: ${path})`]);
  });

  it('is not replaced in silence when TEMPORAL_CLI_PATH is wrong', async () => {
    await expect(find({ TEMPORAL_CLI_PATH: join(place, 'absent') })).rejects.toThrow('no executable file');
    const old = program(join(place, 'old'), '1.2.0');
    await expect(find({ TEMPORAL_CLI_PATH: old })).rejects.toThrow('Temporal CLI 1.2.0; 1.5.1 or newer');
  });
});
