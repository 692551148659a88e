import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFolder } from '../../../bin/terminal/backtest-files.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

describe('the folder of --out', () => {
  const folder = tempFolder();

  it('is made with all that is missing above it, and taken when it is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await openFolder(path);
    expect(existsSync(path)).toBe(true);
    await expect(openFolder(path)).resolves.toBeUndefined();
  });

  it.each([['/proc/nope/deeper'], ['/proc/nope']])('is refused where none can be made: %s', async (path) => {
    await expect(openFolder(path)).rejects.toThrow(`--out ${path} cannot be written to`);
  });

  it('is refused below a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openFolder(join(file, 'x'))).rejects.toThrow(`${file} is no folder`);
  });
});
