import { expect } from '@jest/globals';
import { clientOrderId } from '../../../domain/orders/client-order-id.ts';
import type { IntentState } from '../../../domain/orders/lifecycle.ts';
import { type Lane, type Rig, sha256 } from '../../helpers/rig.ts';

/** What must have come of one slice of an execution. */
export interface ExpectedChild {
  readonly child: number;
  readonly state: Extract<IntentState, 'filled' | 'not-placed'>;
  readonly quantity: string;
}

/** The client order id of the first attempt of a child. */
export function firstAttempt(executionId: string, child: number): string {
  return clientOrderId(executionId, child, 1, sha256);
}

/** How many orders with this client order id the venue has accepted. */
export async function acceptedOrders(lane: Lane, ownId: string): Promise<number> {
  const { orders } = await lane.venue.ledger();
  return orders.filter((order) => order.clientOrderId === ownId).length;
}

/** Longest that an execution here may take from the restart of what was killed. */
const END_WITHIN_MS = 45_000;

/** Waits for the end of an execution: what its workflow says, what Postgres says and what the venue says of it. */
export async function outcomeOf(rig: Rig, lane: Lane, executionId: string) {
  const workflow = rig.client.workflow.getHandle(`execution/${executionId}`);
  const result: unknown = await rig.client.withDeadline(Date.now() + END_WITHIN_MS, () => workflow.result());
  const orders = await rig.store.ordersOf(executionId);
  const children = [];
  for (const { child, attempt, clientOrderId: ownId, state, quantity } of orders) {
    children.push({ child, attempt, ownId, state, quantity, accepted: await acceptedOrders(lane, ownId) });
  }
  const { requests } = await lane.venue.ledger();
  const sent = requests.filter(({ endpoint }) => endpoint === 'order.create').map((request) => request.clientOrderId);
  const sentTwice = sent.filter((ownId, index) => sent.indexOf(ownId) !== index);
  return { result, children, sentTwice, verification: await rig.verify(lane, executionId) };
}

/**
 * The only right outcome of an execution over 0.02 BTC: all of it filled, each child in its first attempt, one order at the venue
 * for each child that traded and none for what was not placed, no id sent twice whether accepted or not, and both ledgers equal.
 */
export function conserved(executionId: string, children: readonly ExpectedChild[]) {
  return {
    result: { status: 'completed', filled: '0.02', residual: '0' },
    children: children.map(({ child, state, quantity }) => ({
      child,
      attempt: 1,
      ownId: firstAttempt(executionId, child),
      state,
      quantity,
      accepted: state === 'filled' ? 1 : 0,
    })),
    sentTwice: [],
    verification: expect.objectContaining({
      ordered: '0.02',
      filled: '0.02',
      residual: '0',
      duplicates: 0,
      lost: 0,
      doubleCounted: 0,
      exact: true,
      details: expect.objectContaining({
        acceptedOrders: children.filter(({ state }) => state === 'filled').length,
        findings: [],
      }),
    }),
  };
}
