import { type Decimal, isDecimal } from '../../domain/market/decimal.ts';

/** A transfer that cannot be made: which field is wrong, with what value, and what it may be. */
export class TransferError extends Error {
  readonly field: string;
  readonly value: unknown;
  constructor(field: string, value: unknown, advice: string) {
    super(`${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
    this.name = 'TransferError';
    this.field = field;
    this.value = value;
  }
}

/** Amounts on the wire have eight decimals. */
const AMOUNT = /^-?\d{1,20}(\.\d{1,8})?$/;

/** Reads a transfer from the body of a request: an asset, and an amount that is negative when it leaves. Throws `TransferError`. */
export function parseTransfer(body: unknown): { readonly asset: string; readonly amount: Decimal } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TransferError('body', body, 'send a JSON object with asset and amount');
  }
  const { asset, amount, ...others } = body as Readonly<Record<string, unknown>>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) throw new TransferError(stranger, others[stranger], 'the fields are asset, amount');
  if (typeof asset !== 'string' || !/^[A-Z0-9]{1,12}$/.test(asset)) {
    throw new TransferError('asset', asset, 'name it in capitals, for example "USDT"');
  }
  if (typeof amount !== 'string' || !AMOUNT.test(amount) || !isDecimal(amount) || Number(amount) === 0) {
    throw new TransferError('amount', amount, 'give decimal text other than zero with at most 8 decimals');
  }
  return { asset, amount };
}
