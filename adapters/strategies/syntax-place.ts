import { execFile } from 'node:child_process';

const LONGEST_MS = 10_000;

/**
 * Where a module does not parse: the line's number and the line itself, or `null` when it does. Node keeps that from whoever imports
 * it and prints it only on its way out, so another Node is asked, which parses and runs nothing.
 */
export async function syntaxPlace(path: string): Promise<{ readonly line: number; readonly text: string } | null> {
  const printed = await new Promise<string>((done) => {
    execFile(process.execPath, ['--check', path], { timeout: LONGEST_MS }, (_, __, stderr) => done(stderr));
  });
  const place = /^\S.*:(\d+)\r?\n(.*)/.exec(printed);
  return place === null ? null : { line: Number(place[1]), text: place[2]!.trim() };
}
