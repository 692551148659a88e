import { type Command, InvalidArgumentError } from 'commander';
import { type ApiClient, openClient } from './client.ts';
import { type CommonOptions, withCommonOptions } from './output.ts';

/** The address of a session, or of a part of it. */
export const sessionPath = (id: string, part = ''): string => `/v1/sessions/${encodeURIComponent(id)}${part}`;

/** Adds a command about one session. */
export function onSession(
  session: Command,
  name: string,
  description: string,
  work: (client: ApiClient, id: string, options: CommonOptions) => Promise<void>,
): Command {
  return withCommonOptions(session.command(`${name} <id>`).description(description)).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await work(openClient(options), id, options);
    },
  );
}

/** Throws what commander shows as a wrong argument. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  return value;
}
