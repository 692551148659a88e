import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openPortBook } from '../../../bin/stack/ports.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
/** Above what stacks and test servers use. */
const BASE = 31_000;

async function listenOn(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function openBook(name: string) {
  const said: string[] = [];
  return { said, book: openPortBook(join(folder, name), (line) => said.push(line)) };
}

describe('the ports of a stack', () => {
  it('are the same at the next start', async () => {
    const first = openBook('kept');
    const port = await first.book.claim('api', BASE);
    first.book.release();
    const second = openBook('kept');
    // Another preference: what the home remembers counts more.
    expect(await second.book.claim('api', BASE + 500)).toBe(port);
    second.book.release();
  });

  it('step over a port on which somebody listens, and say so', async () => {
    const { book, said } = openBook('taken');
    const first = await book.claim('x', BASE + 1000);
    const server = await listenOn(first + 1);
    expect(await book.claim('y', first + 1)).toBe(first + 2);
    expect(said.at(-1)).toBe(`port ${first + 1} for y is taken: using ${first + 2}`);
    server.close();
    book.release();
  });

  it('differ between two stacks that start at once, before either listens', async () => {
    const [one, two] = [openBook('one'), openBook('two')];
    const ports = await Promise.all([one.book.claim('api', BASE + 2000), two.book.claim('api', BASE + 2000)]);
    expect(new Set(ports).size).toBe(2);
    one.book.release();
    two.book.release();
  });

  it('stay the same for one name within a start', async () => {
    const { book } = openBook('same');
    expect(await book.claim('api', BASE + 3000)).toBe(await book.claim('api', BASE + 3000));
    book.release();
  });
});
