import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getBytes } from './first-byte.ts';

/** The service from which the Temporal SDK fetches its servers, and the SDK version that it is asked for. */
const SERVICE = 'https://temporal.download';
const SDK_VERSION = '1.24.0';
const REPORT_EVERY_BYTES = 20 * 1024 * 1024;

export type OfficialProgram = 'cli' | 'temporal-test-server';

interface ArchivePlace {
  readonly archiveUrl: string;
  readonly fileToExtract: string;
}

/**
 * Fetches a program the way the SDK does: the service names an archive for this machine, the archive holds the program. Puts it
 * into `folder` and gives its path. Throws when the network stays silent for 5 s, or answers anything unusable.
 */
export async function downloadOfficial(
  program: OfficialProgram,
  folder: string,
  say: (line: string) => void,
  service: string = SERVICE,
): Promise<string> {
  const query = new URLSearchParams({
    arch: process.arch === 'x64' ? 'amd64' : process.arch,
    platform: process.platform === 'win32' ? 'windows' : process.platform,
    format: 'tar.gz',
    'sdk-name': 'sdk-typescript',
    'sdk-version': SDK_VERSION,
  });
  const place = await askForArchive(service, `/${program}/default?${query.toString()}`);
  mkdirSync(folder, { recursive: true });
  await unpack(place, folder, say);
  return join(folder, place.fileToExtract);
}

async function askForArchive(service: string, path: string): Promise<ArchivePlace> {
  const pieces: Uint8Array[] = [];
  for await (const piece of getBytes(`${service}${path}`)) pieces.push(piece);
  const answer = JSON.parse(Buffer.concat(pieces).toString('utf8')) as Partial<ArchivePlace>;
  const { archiveUrl, fileToExtract } = answer;
  const protocol = `${new URL(service).protocol}//`;
  // The name becomes part of a path: nothing that climbs out of the folder.
  if (!archiveUrl?.startsWith(protocol) || !fileToExtract || /^\/|\.\./.test(fileToExtract)) {
    throw new Error(`${service} named no usable archive`);
  }
  return { archiveUrl, fileToExtract };
}

async function unpack(place: ArchivePlace, folder: string, say: (line: string) => void): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, place.fileToExtract], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  tar.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', (error) => reject(new Error(`tar could not be started: ${error.message}`)));
    tar.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar failed: ${complaint.trim()}`))));
  });
  await Promise.all([pipeline(Readable.from(reported(getBytes(place.archiveUrl), say)), tar.stdin), ended]);
}

/** Passes the pieces on and says now and then how far the download is. */
async function* reported(pieces: AsyncIterable<Uint8Array>, say: (line: string) => void): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const piece of pieces) {
    const before = Math.floor(received / REPORT_EVERY_BYTES);
    received += piece.length;
    if (Math.floor(received / REPORT_EVERY_BYTES) > before)
      say(`downloaded ${Math.round(received / 1024 / 1024)} MB …`);
    yield piece;
  }
}
