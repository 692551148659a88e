import { describe, expect, test } from '@jest/globals';
import { recordsSince } from '../../../adapters/venues/records-since.ts';

interface Row {
  readonly id: number;
  readonly at: number;
}
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 100 * DAY;

/** A venue that keeps `rows` and answers by time with the oldest or the newest rows, as it likes. */
function venue(rows: readonly Row[], prefers: 'oldest' | 'newest', pageSize = 3) {
  let questions = 0;
  return {
    questions: () => questions,
    since: (since: number) =>
      recordsSince<Row>({
        pageSize,
        between: (start, end) => {
          questions += 1;
          if (end !== null && end - start > DAY) throw new Error('More than 24 hours between startTime and endTime.');
          const inside = rows.filter(({ at }) => at >= start && (end === null || at <= end));
          return Promise.resolve(prefers === 'oldest' ? inside.slice(0, pageSize) : inside.slice(-pageSize));
        },
        fromId: (id) => {
          questions += 1;
          return Promise.resolve(rows.filter((row) => row.id >= id).slice(0, pageSize));
        },
        idOf: ({ id }) => id,
        since,
        now: NOW,
      }),
  };
}

const rowsAt = (...times: number[]): Row[] => times.map((at, index) => ({ id: index * 5 + 1, at }));

describe.each(['oldest', 'newest'] as const)('where a full page holds the %s rows', (prefers) => {
  test('all pages come, in order, each row once', async () => {
    const rows = rowsAt(...Array.from({ length: 20 }, (_, index) => NOW - 20_000 + index * 1000));
    expect(await venue(rows, prefers).since(NOW - 20_000)).toEqual(rows);
  });

  test('rows spread over several days come whole', async () => {
    const rows = rowsAt(...Array.from({ length: 40 }, (_, index) => NOW - 10 * DAY + index * 6 * HOUR));
    expect(await venue(rows, prefers).since(NOW - 10 * DAY)).toEqual(rows);
  });

  test('rows before the instant are left out', async () => {
    const rows = rowsAt(NOW - 5000, NOW - 4000, NOW - 3000, NOW - 2000, NOW - 1000);
    expect(await venue(rows, prefers).since(NOW - 2500)).toEqual(rows.slice(3));
  });
});

test('nothing in the range takes one question, and few rows take one', async () => {
  const empty = venue([], 'oldest');
  expect(await empty.since(NOW - 1000)).toEqual([]);
  const few = venue(rowsAt(NOW - 500, NOW - 400), 'oldest');
  expect(await few.since(NOW - 1000)).toHaveLength(2);
  expect([empty.questions(), few.questions()]).toEqual([1, 1]);
});

test('more rows of one millisecond than a page holds come whole where a full page holds the oldest', async () => {
  const rows = rowsAt(...Array.from({ length: 9 }, () => NOW - 1000));
  expect(await venue(rows, 'oldest').since(NOW - 5000)).toEqual(rows);
});

test('rows that share an id come whole, also where a page ends between them', async () => {
  const rows = ['1 a', '2 a', '3 a', '3 b', '4 a', '5 a', '5 b', '6 a'].map((key) => ({ id: Number(key[0]), key }));
  const page = (from: number) => rows.filter(({ id }) => id >= from).slice(0, 3);
  const found = await recordsSince({
    pageSize: 3,
    between: () => Promise.resolve(page(1)),
    fromId: (id) => Promise.resolve(page(id)),
    idOf: ({ id }) => id,
    keyOf: ({ key }) => key,
    since: NOW - 1000,
    now: NOW,
  });
  expect(found.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
});
