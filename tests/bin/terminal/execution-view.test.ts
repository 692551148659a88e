import { expect, it } from '@jest/globals';
import { type ExecutionView, readableExecution } from '../../../bin/terminal/execution-view.ts';

const amendment = (number: number) => ({
  number,
  at: `2026-11-26T10:00:0${number}Z`,
  quantity: `${number}`,
  endAt: '2026-11-26T11:00:00Z',
  limit: number === 7 ? '60000' : null,
});

const VIEW: Omit<ExecutionView, 'amendments'> = {
  id: 'ex-1',
  workflowId: 'execution/ex-1',
  status: 'running',
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '7',
  filled: '1',
  residual: '6',
  limit: null,
  params: { slices: 10 },
  startAt: '2026-11-26T10:00:00Z',
  endAt: '2026-11-26T11:00:00Z',
  decision: '60000',
  owner: 'admin',
  createdAt: '2026-11-26T10:00:00Z',
  endedAt: null,
  problem: null,
};

/** The lines from `amended` to `decision mid`, that one left out. */
function amended(count: number): string[] {
  const amendments = Array.from({ length: count }, (_, index) => amendment(index + 1));
  const lines = readableExecution({ ...VIEW, amendments }).split('\n');
  const from = lines.findIndex((line) => line.startsWith('amended'));
  const to = lines.findIndex((line) => line.startsWith('decision mid'));
  return lines.slice(from, to).map((line) => line.trim());
}

it('amendments are one a line, the last five', () => {
  const until = 'until 2026-11-26T11:00:00Z, limit';
  expect(amended(7)).toEqual([
    'amended       2 before these',
    `2026-11-26T10:00:03Z to 3 ${until} none`,
    `2026-11-26T10:00:04Z to 4 ${until} none`,
    `2026-11-26T10:00:05Z to 5 ${until} none`,
    `2026-11-26T10:00:06Z to 6 ${until} none`,
    `2026-11-26T10:00:07Z to 7 ${until} 60000`,
  ]);
  expect(amended(1)).toEqual([`amended       2026-11-26T10:00:01Z to 1 ${until} none`]);
  expect(amended(0)).toEqual(['amended       –']);
});
