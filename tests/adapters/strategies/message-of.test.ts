import { expect, it } from '@jest/globals';
import { messageOf } from '../../../adapters/strategies/message-of.ts';

const MARK = '?strategy=0123456789abcdef-2';

it('names addresses without the marks of loads, and places by their paths from the file', () => {
  const error = new TypeError(`Module "file:///home/me/a.json${MARK}" needs an import attribute of type "json"`);
  const message = 'Module "file:///home/me/a.json" needs an import attribute of type "json"';
  error.stack = `TypeError: ${error.message}\n    at validateAttributes (node:internal/modules/esm/assert:89:15)`;
  expect(messageOf(error, '/home/me/own.mjs')).toBe(message);
  error.stack += `\n    at file:///home/me/my%20lib/b.mjs${MARK}:4:1\n    at file:///home/me/own.mjs${MARK}:1:1`;
  expect(messageOf(error, '/home/me/own.mjs')).toBe(`${message} (my lib/b.mjs line 4)`);
});
