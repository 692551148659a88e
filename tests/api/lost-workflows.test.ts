import { describe, expect, it } from '@jest/globals';
import type { WorkflowFate } from '../../adapters/ports/workflow-directory.ts';
import { findLost, workThrough } from '../../api/lost-workflows.ts';

/** A server whose list and whose own state may differ, since the list lags. */
function directoryOf(listed: readonly string[], fates: Readonly<Record<string, WorkflowFate>>) {
  const asked: string[] = [];
  return {
    asked,
    openWorkflows: async () => new Set(listed),
    fateOf: async (id: string): Promise<WorkflowFate> => {
      asked.push(id);
      return fates[id] ?? { kind: 'missing' };
    },
  };
}

describe('workflows that should run', () => {
  it('are lost when the server says so of each that its list has not', async () => {
    const closed = { kind: 'closed', how: 'terminated', at: null } as const;
    const directory = directoryOf(['a'], { a: closed, b: { kind: 'open' }, c: closed });
    const records = ['a', 'b', 'c', 'd'].map((workflowId) => ({ workflowId }));
    const { running, lost } = await findLost(directory, 'session', records);
    expect(lost).toEqual([
      { record: { workflowId: 'c' }, fate: closed },
      { record: { workflowId: 'd' }, fate: { kind: 'missing' } },
    ]);
    expect(running).toEqual(new Set(['a']));
    expect(directory.asked).toEqual(['b', 'c', 'd']);
  });

  it('are not asked about when there are none', async () => {
    const silent = {
      openWorkflows: () => Promise.reject(new Error('asked')),
      fateOf: () => Promise.reject(new Error()),
    };
    await expect(findLost(silent, 'session', [])).resolves.toEqual({ running: new Set(), lost: [] });
  });
});

describe('a list that is worked through', () => {
  it('has twenty under way at most, and each item done once', async () => {
    let under = 0;
    let most = 0;
    const done: number[] = [];
    await workThrough(
      Array.from({ length: 65 }, (_, i) => i),
      async (item) => {
        under += 1;
        most = Math.max(most, under);
        await Promise.resolve();
        under -= 1;
        done.push(item);
      },
    );
    expect(most).toBe(20);
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 65 }, (_, i) => i));
  });

  it('is gone through to its end when some fail, and then fails with the first', async () => {
    const tried: number[] = [];
    const working = workThrough([1, 2, 3], async (item) => {
      tried.push(item);
      if (item < 3) throw new Error(`item ${item}`);
    });
    await expect(working).rejects.toThrow('item 1');
    expect(tried).toEqual([1, 2, 3]);
  });
});
