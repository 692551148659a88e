import type { SessionEvidence, WitnessedFill, WitnessedOrder } from '../../../../bin/chaos/sessions/evidence.ts';

/** A ledger by hand: a session that holds 1 at most, on bars of 5 s from second 0 on. Times are milliseconds. */
export const EVIDENCE: SessionEvidence = {
  sessionId: 's1',
  name: 'by hand',
  barMs: 5_000,
  units: '1',
  least: '0.01',
  startBar: 0,
  lastBar: 10_000,
  orders: [],
  fills: [],
  exits: [],
  decisions: [],
  standings: [],
  readAt: 100_000,
};

export const bought = (orderId: string, at: number, quantity = '1', feeBase = '0'): WitnessedFill => ({
  orderId,
  side: 'buy',
  quantity,
  feeBase,
  at,
});

export const sold = (orderId: string, at: number, quantity = '1'): WitnessedFill => ({
  ...bought(orderId, at, quantity),
  side: 'sell',
});

export const stop = (orderId: string, acceptedAt: number, endedAt: number | null, quantity = '1'): WitnessedOrder => ({
  orderId,
  purpose: 'stop-loss',
  side: 'sell',
  isStop: true,
  quantity,
  acceptedAt,
  endedAt,
});
