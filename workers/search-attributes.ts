import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/search-attributes.ts';

/** `temporal.api.enums.v1.IndexedValueType`, keyword. */
const KEYWORD = 2;
const VISIBLE_WITHIN_MS = 20_000;

/**
 * Registers our search attributes with a Temporal server and waits until it takes them. Does nothing when they are there.
 *
 * @throws when the server does not show them within 20 s.
 */
export async function registerSearchAttributes(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const wanted = Object.values(searchAttributes).map((key) => key.name);
    const missing = async (): Promise<string[]> => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      return wanted.filter((name) => customAttributes?.[name] === undefined);
    };
    const absent = await missing();
    if (absent.length === 0) return;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(absent.map((name) => [name, KEYWORD])),
    });
    const deadline = Date.now() + VISIBLE_WITHIN_MS;
    while ((await missing()).length > 0) {
      if (Date.now() > deadline)
        throw new Error(`the Temporal server at ${address} does not show the search attributes ${wanted.join(', ')}`);
      await delay(100);
    }
  } finally {
    await connection.close();
  }
}
