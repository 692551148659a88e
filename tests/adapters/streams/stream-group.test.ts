import { afterEach, describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { StreamGap } from '../../../adapters/streams/stream-client.ts';
import { orAborted } from '../../../adapters/abortable.ts';
import { StreamGroup } from '../../../adapters/streams/stream-group.ts';
import { StreamMonitor } from '../../../adapters/streams/stream-monitor.ts';
import type { StreamKind } from '../../../adapters/ports/stream-health.ts';
import { until } from '../../helpers/rig-until.ts';
import { FakeStreamClient } from './fake-stream-client.ts';

let group: StreamGroup;
afterEach(() => group.close());

interface Bench {
  readonly clients: FakeStreamClient[];
  readonly taken: unknown[];
  readonly disturbed: string[];
  readonly log: string[];
}

/** A group whose clients a test speaks for; `open` may fail first. */
function open({ sharedFate = false, failures = 0 } = {}): Bench {
  const bench: Bench = { clients: [], taken: [], disturbed: [], log: [] };
  let left = failures;
  group = new StreamGroup({
    sharedFate,
    open: async () => {
      left -= 1;
      if (left >= 0) throw new Error('the venue is away');
      const client = new FakeStreamClient();
      bench.clients.push(client);
      return client;
    },
    log: (message) => bench.log.push(message),
  });
  return bench;
}

function watch(bench: Bench, kind: 'trades' | 'order-book', take?: () => void): StreamMonitor {
  const name = { venue: 'sim', kind: kind as StreamKind, symbol: 'BTC/USDT', timeframe: null };
  const monitor = new StreamMonitor(name, { now: () => Date.now() });
  group.watch<unknown>({
    monitor,
    next: (client) => (kind === 'trades' ? client.trades('BTC/USDT') : client.orderBook('BTC/USDT')),
    take: (value) => {
      bench.taken.push(value);
      take?.();
    },
    onDisturbed: (reason) => bench.disturbed.push(`${kind}: ${reason}`),
  });
  return monitor;
}

const clientOf = (bench: Bench, index: number): Promise<FakeStreamClient> =>
  until(`client ${index}`, async () => bench.clients[index] ?? null);

describe('streams over one client', () => {
  it('hand on what comes, and count it', async () => {
    const bench = open();
    const monitor = watch(bench, 'trades');
    const client = await clientOf(bench, 0);
    await client.say('trades', 'a', 1_000);
    await client.say('trades', 'b', null);
    await client.asked('trades');
    expect(bench.taken).toEqual(['a', 'b']);
    expect(monitor.health()).toMatchObject({ status: 'live', messages: 2, exchangeAt: 1_000, reconnects: 0, gaps: 0 });
  });

  it('subscribe again after a gap, over the same client', async () => {
    const bench = open();
    const monitor = watch(bench, 'order-book');
    const client = await clientOf(bench, 0);
    await client.fail('order-book', new StreamGap('a sequence is broken'));
    await client.say('order-book', 'anew');
    await client.asked('order-book');
    expect(monitor.health()).toMatchObject({
      gaps: 1,
      reconnects: 0,
      lastError: 'a sequence is broken',
      status: 'live',
    });
    expect(bench.disturbed).toEqual(['order-book: a sequence is broken']);
    expect(bench.clients).toHaveLength(1);
  });

  it('go on after a lost connection, and leave the others alone', async () => {
    const bench = open();
    const [book, trades] = [watch(bench, 'order-book'), watch(bench, 'trades')];
    const client = await clientOf(bench, 0);
    await client.fail('order-book', new Error('closed with code 1006'));
    await client.say('trades', 'a');
    await client.say('order-book', 'b');
    await client.asked('order-book');
    expect(book.health()).toMatchObject({ reconnects: 1, status: 'live', lastError: 'closed with code 1006' });
    expect(trades.health()).toMatchObject({ reconnects: 0, status: 'live' });
    expect(bench.clients).toHaveLength(1);
  });

  it('share their fate where they share a subscription: one loss is a new client for all', async () => {
    const bench = open({ sharedFate: true });
    const [book, trades] = [watch(bench, 'order-book'), watch(bench, 'trades')];
    const first = await clientOf(bench, 0);
    await first.asked('trades');
    await first.fail('order-book', new Error('closed with code 1006'));
    const second = await clientOf(bench, 1);
    await second.say('trades', 'a');
    await second.say('order-book', 'b');
    await second.asked('order-book');
    await second.asked('trades');
    expect(first.closed).toBe(true);
    expect([book.health().reconnects, trades.health().reconnects]).toEqual([1, 1]);
    expect(bench.clients).toHaveLength(2);
  });

  it('are opened anew when they have gone silent, without waiting for the old sockets', async () => {
    const bench = open();
    const monitor = watch(bench, 'trades');
    const first = await clientOf(bench, 0);
    const unanswered = await first.asked('trades');
    group.reopen('silent');
    const second = await clientOf(bench, 1);
    await second.say('trades', 'a');
    await second.asked('trades');
    expect(first.closed).toBe(true);
    expect(monitor.health()).toMatchObject({ reconnects: 1, lastError: 'silent', status: 'live' });
    // What the old client says now comes too late.
    unanswered.resolve({ value: 'late', exchangeAt: null });
    await turn();
    expect(bench.taken).toEqual(['a']);
  });

  it('try on while no client can be opened', async () => {
    const bench = open({ failures: 2 });
    const monitor = watch(bench, 'trades');
    await until('the first failure', async () => monitor.status === 'down');
    await (await clientOf(bench, 0)).say('trades', 'a');
    await bench.clients[0]!.asked('trades');
    expect(monitor.health()).toMatchObject({ status: 'live', reconnects: 2, lastError: 'the venue is away' });
  });

  it('go on when what takes a message fails', async () => {
    const bench = open();
    const monitor = watch(bench, 'trades', () => {
      if (bench.taken.length === 1) throw new Error('the history cannot be read');
    });
    const client = await clientOf(bench, 0);
    await client.say('trades', 'a');
    await client.say('trades', 'b');
    await client.asked('trades');
    expect(bench.taken).toEqual(['a', 'b']);
    expect(monitor.health()).toMatchObject({ gaps: 1, lastError: 'the history cannot be read' });
  });

  it('that the venue does not have are down, with the reason', async () => {
    const bench = open();
    const client = new FakeStreamClient();
    client.unsupported.add('trades');
    group = new StreamGroup({ sharedFate: false, open: async () => client, log: () => undefined });
    const monitor = watch(bench, 'trades');
    await until('the stream to be given up', async () => monitor.status === 'down');
    expect(monitor.health().lastError).toBe('the venue has no such stream');
  });

  it('end when the group is closed, whatever they wait for', async () => {
    const bench = open();
    watch(bench, 'trades');
    const client = await clientOf(bench, 0);
    await client.asked('trades');
    await group.close();
    expect(client.closed).toBe(true);
  });
});

describe('waiting until something aborts', () => {
  it('leaves no listener behind, so that a long life does not fill the memory', async () => {
    const ended = new AbortController();
    for (let i = 0; i < 50; i += 1) await orAborted(Promise.resolve(i), ended.signal);
    await expect(orAborted(Promise.reject(new Error('lost')), ended.signal)).rejects.toThrow('lost');
    expect(getEventListeners(ended.signal, 'abort')).toEqual([]);
  });

  it('ends with the reason of the abort', async () => {
    const ended = new AbortController();
    const waiting = orAborted(new Promise(() => undefined), ended.signal);
    ended.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(orAborted(Promise.resolve(1), ended.signal)).rejects.toThrow('over');
  });
});
