import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LINK = /\]\(([^()\s]+)\)/g;

const under = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const documents = ['README.md', 'CHANGELOG.md', ...under('docs'), ...under('examples'), ...under('domain')];

/** Where a link to a heading leads, as the hosts of repositories make it. */
function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Links of a document that lead nowhere, each with what is wanting. */
function brokenLinks(document: string, text: string): readonly string[] {
  return [...text.matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = join(ROOT, dirname(document), path);
    if (!existsSync(file)) return [`${document}: there is no ${relative(ROOT, file)}`];
    if (anchor === undefined) return [];
    return anchorsOf(path === '' ? text : readFileSync(file, 'utf8')).has(anchor)
      ? []
      : [`${document}: ${target} has no such heading`];
  });
}

describe('links of the documents', () => {
  it('lead to files and headings that there are', () => {
    expect(documents.length).toBeGreaterThan(30);
    expect(documents.flatMap((document) => brokenLinks(document, readFileSync(join(ROOT, document), 'utf8')))).toEqual(
      [],
    );
  });

  it('are told when they do not', () => {
    const text =
      '# A heading, indeed\n[a](gone.md) [b](#a-heading-indeed) [c](#another) [d](https://example.org/x.md)\n';
    expect(brokenLinks('docs/some.md', text)).toEqual([
      'docs/some.md: there is no docs/gone.md',
      'docs/some.md: #another has no such heading',
    ]);
  });
});
