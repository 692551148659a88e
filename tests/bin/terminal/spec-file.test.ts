import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readSpecFile } from '../../../bin/terminal/spec-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-spec-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string): string {
  const file = join(folder, 'spec.json');
  writeFileSync(file, content);
  return file;
}

describe('a spec from a file', () => {
  it('may begin with a mark of its byte order, as some editors write it', async () => {
    expect(await readSpecFile(fileOf('\ufeff{"seed": 7}'))).toEqual({ seed: 7 });
  });

  it('has paths that are relative to it', async () => {
    const spec = { data: [{ file: 'bars.csv' }, { datasetId: 'ds_1' }], strategy: { file: '../own.mjs' } };
    expect(await readSpecFile(fileOf(JSON.stringify(spec)))).toEqual({
      data: [{ file: join(folder, 'bars.csv') }, { datasetId: 'ds_1' }],
      strategy: { file: join(tmpdir(), 'own.mjs') },
    });
  });

  it('is named when it is no JSON', async () => {
    await expect(readSpecFile(fileOf('{"seed": '))).rejects.toThrow(/--spec .*spec\.json is not JSON/);
  });
});
