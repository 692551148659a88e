import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { nodeService } from '../../../bin/stack/node-services.ts';

/** A program is looked for below the compiled code; run from source that is the project, where this file is. */
const ENTRY = 'package.json';

function announcement() {
  let say: (value: unknown) => void = () => undefined;
  const announced = new Promise<unknown>((resolve) => (say = resolve));
  return { running: { pid: 1, announced, ended: new AbortController().signal }, say };
}

describe('one of our own programs', () => {
  it.each([
    ['tells nobody what it says', undefined],
    ['tells somebody what it says', () => undefined],
  ])('that %s is ready once it has said so, and no sooner', async (_name, announced) => {
    const service = nodeService({
      name: 'program',
      entry: ENTRY,
      env: {},
      stopWithinMs: 1,
      ...(announced === undefined ? {} : { announced }),
    });
    const { running, say } = announcement();
    let isReady = false;
    const ready = service.ready(running).then(() => (isReady = true));
    await turn();
    expect(isReady).toBe(false);
    say({});
    await ready;
    expect(isReady).toBe(true);
  });

  it('passes on what it says', async () => {
    const heard: unknown[] = [];
    const announced = (value: unknown) => void heard.push(value);
    const service = nodeService({ name: 'program', entry: ENTRY, env: {}, stopWithinMs: 1, announced });
    const { running, say } = announcement();
    say({ url: 'http://localhost:1' });
    await service.ready(running);
    expect(heard).toEqual([{ url: 'http://localhost:1' }]);
  });
});
