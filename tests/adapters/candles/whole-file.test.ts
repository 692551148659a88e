import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readCandleFile } from '../../../adapters/candles/read-candle-file.ts';
import { readWholeFile } from '../../../adapters/candles/whole-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
const MIB = 1 << 20;
const limit = { maxBytes: MIB, instead: 'give a shorter one' };

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a file that is read whole', () => {
  it('comes as it is, unpacked when it is gzip', async () => {
    const text = 'bar,side,type\n0,buy,market\n';
    expect((await readWholeFile(file('a.csv', text), limit)).toString()).toBe(text);
    expect((await readWholeFile(file('a.csv.gz', gzipSync(text)), limit)).toString()).toBe(text);
  });

  it('is refused when it is missing, a folder, a pipe or a device, which may have no end', async () => {
    await expect(readWholeFile(join(folder, 'none.csv'), limit)).rejects.toThrow('cannot be read: ENOENT');
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    for (const path of [folder, pipe, '/dev/zero']) {
      await expect(readWholeFile(path, limit)).rejects.toThrow('is no regular file');
    }
  });

  it('is refused above the limit, whatever it is packed to', async () => {
    const zeros = Buffer.alloc(MIB + 1);
    await expect(readWholeFile(file('large.csv', zeros), limit)).rejects.toThrow(
      'has more than 1 MiB, unpacked: give a shorter one',
    );
    // A thousand times smaller than what is in it.
    const packed = gzipSync(zeros);
    expect(packed.length).toBeLessThan(MIB / 500);
    await expect(readWholeFile(file('large.csv.gz', packed), limit)).rejects.toThrow('has more than 1 MiB, unpacked');
    await expect(readWholeFile(file('full.csv', zeros.subarray(1)), limit)).resolves.toHaveLength(MIB);
  });
});

describe('a file of bars that is too large', () => {
  it('is refused with the limit and what to do', async () => {
    const header = 'timestamp,open,high,low,close\n';
    const rows = Array.from(
      { length: 20_000 },
      (_, i) => `${new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString()},1,1,1,1\n`,
    );
    const packed = file('bars.csv.gz', gzipSync(header + rows.join('')));
    const options = { symbol: 'X', timeframe: '1m', stamp: 'open' } as const;
    const sizes: number[] = [];
    await readCandleFile(packed, options, { onPiece: (bytes) => sizes.push(bytes) });
    expect(sizes.at(-1)).toBe(header.length + rows.join('').length);
    const message = '1,024 MiB together; import it as a data set (tradewind data import)';
    await expect(readCandleFile(packed, options, { maxBytes: sizes.at(-1)! - 1 })).rejects.toMatchObject({
      problems: [{ field: 'file', value: packed, message: expect.stringContaining(message) }],
    });
    await expect(readCandleFile(packed, options, { maxBytes: sizes.at(-1)! })).resolves.toMatchObject({
      duplicates: 0,
    });
  });
});
