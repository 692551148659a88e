import type { SessionEntry } from '../../adapters/ports/session-reader.ts';
import type { AdjustmentRequest } from '../../domain/session/adjustment.ts';
import { hashBody } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import { ended, sessionOf } from './command.ts';

type Dependencies = Pick<ApiDependencies, 'sessionReader' | 'sessionAdjustments'>;

export type AdjustBody = Omit<AdjustmentRequest, 'price'> & { readonly price?: string };

/**
 * Puts on record that the session holds so much more, or less, than its books say. What blocks its entries is lifted by a resume, not by this.
 * With an idempotency key it is put on record once, however often it is sent; the answer is the session as it stands now.
 * Throws `SESSION_ENDED`, `IDEMPOTENCY_KEY_REUSED`, and `INVALID_SESSION` for what its books cannot take.
 */
export async function adjustSession(
  deps: Dependencies,
  id: string,
  body: AdjustBody,
  by: { readonly owner: string; readonly key: string | null },
): Promise<SessionEntry> {
  await sessionOf(deps, id);
  const { symbol, quantity, price = null, reason } = body;
  const claim = by.key === null ? null : { owner: by.owner, key: by.key, bodyHash: hashBody(body) };
  const outcome = await deps.sessionAdjustments.adjust(id, { symbol, quantity, price, reason }, by.owner, claim);
  switch (outcome.kind) {
    case 'adjusted':
    case 'known':
      return sessionOf(deps, id);
    case 'ended':
      throw ended(await sessionOf(deps, id), 'adjust');
    case 'refused':
      throw fieldsProblem('INVALID_SESSION', [outcome.problem]);
    case 'key-reused':
      throw new Problem(
        'IDEMPOTENCY_KEY_REUSED',
        `The key "${by.key}" was used for another adjustment before; choose a new key for a new one.`,
        [{ field: 'Idempotency-Key', value: by.key, message: 'belongs to another adjustment' }],
      );
    default:
      return outcome satisfies never;
  }
}
