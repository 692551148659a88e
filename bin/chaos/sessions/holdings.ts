import Big from 'big.js';
import type { Finding } from '../judge.ts';
import type { SessionEvidence, WitnessedFill } from './evidence.ts';

/** What a trade has changed, in base: fees that were kept in base are not held. */
export function heldBy({ side, quantity, feeBase }: WitnessedFill): Big {
  return side === 'buy' ? new Big(quantity).minus(feeBase) : new Big(quantity).times(-1).minus(feeBase);
}

/** In order of time, sells first: what is bought at the very instant of a sale is not held beside it. */
export function inOrderOfTime(fills: readonly WitnessedFill[]): readonly WitnessedFill[] {
  return fills.toSorted((a, b) => a.at - b.at || Number(a.side === 'buy') - Number(b.side === 'buy'));
}

/**
 * What is wrong with what a session has held, trade by trade in the exchange's ledger: more than its sizing says beside what rounding has left
 * behind, less than nothing, or something else than its books say.
 */
export function doubledPositions(evidence: SessionEvidence): readonly Finding[] {
  const { sessionId, name, units, least, fills, standings } = evidence;
  const finding = (detail: string): Finding => ({
    executionId: sessionId,
    kind: 'doubled-position',
    detail: `${name}: ${detail}`,
  });
  const most = new Big(units).plus(least);
  const findings: Finding[] = [];
  let held = new Big(0);
  let wasWrong = false;
  for (const fill of inOrderOfTime(fills)) {
    held = held.plus(heldBy(fill));
    const isWrong = held.gt(most) || held.lt(0);
    // A position that stays wrong is told once.
    if (isWrong && !wasWrong)
      findings.push(
        finding(
          `it held ${held.toFixed()} after the trade of order ${fill.orderId} at ${new Date(fill.at).toISOString()}; its sizing is ${units}`,
        ),
      );
    wasWrong = isWrong;
  }
  const differing = standings.filter(({ inBooks, inLedger }) => !new Big(inBooks).eq(inLedger));
  return [
    ...findings,
    ...differing.map(({ when, inBooks, inLedger }) =>
      finding(`${when} its books held ${inBooks} and its trades in the ledger came to ${inLedger}`),
    ),
  ];
}
