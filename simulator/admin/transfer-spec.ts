import { type Decimal, isDecimal } from '../../domain/market/decimal.ts';
import { FieldError } from '../field-error.ts';

/** Amounts on the wire have eight decimals. */
const AMOUNT = /^-?\d{1,20}(\.\d{1,8})?$/;

/** Reads a transfer from the body of a request: an asset, and an amount that is negative when it leaves. Throws `FieldError`. */
export function parseTransfer(body: unknown): { readonly asset: string; readonly amount: Decimal } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FieldError('body', body, 'send a JSON object with asset and amount');
  }
  const { asset, amount, ...others } = body as Readonly<Record<string, unknown>>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) throw new FieldError(stranger, others[stranger], 'the fields are asset, amount');
  if (typeof asset !== 'string' || !/^[A-Z0-9]{1,12}$/.test(asset)) {
    throw new FieldError('asset', asset, 'name it in capitals, for example "USDT"');
  }
  if (typeof amount !== 'string' || !AMOUNT.test(amount) || !isDecimal(amount) || Number(amount) === 0) {
    throw new FieldError('amount', amount, 'give decimal text other than zero with at most 8 decimals');
  }
  return { asset, amount };
}
