import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../domain/risk/gate.ts';
import type { GateInput } from '../../../domain/risk/gate-input.ts';
import { goodOrder, hopelessOrder } from './good-order.ts';

function codes(input: GateInput): string[] {
  const verdict = judge(input);
  return verdict.allowed ? [] : verdict.denials.map((denial) => denial.code);
}

describe('risk gate', () => {
  it('lets a good order pass', () => {
    expect(judge(goodOrder)).toEqual({ allowed: true });
  });

  it('names everything that stands in the way, not only the first', () => {
    expect(codes(hopelessOrder)).toEqual([
      'HALTED',
      'SYMBOL_NOT_ALLOWED',
      'PRICE_OUTSIDE_COLLAR',
      'ORDER_NOTIONAL_TOO_LARGE',
      'OPEN_NOTIONAL_TOO_LARGE',
      'ORDER_RATE_TOO_HIGH',
      'ORDER_RATE_TOO_HIGH',
      'BALANCE_INSUFFICIENT',
    ]);
  });

  it('denies when nothing at all is known, once for each limit', () => {
    const nothing: GateInput = {
      ...goodOrder,
      quote: null,
      halts: null,
      balances: null,
      reserved: null,
      openNotional: null,
      recentOrders: null,
      feeRate: null,
      config: {
        quoteRates: null,
        collarBps: null,
        maxOrderNotional: null,
        maxQuoteAgeMs: null,
        maxOpenNotional: null,
        allowedSymbols: null,
        maxOrdersPer10s: null,
        maxOrdersPerMinute: null,
      },
    };
    expect(codes(nothing)).toEqual([
      'HALTS_UNKNOWN',
      'ALLOWED_SYMBOLS_UNSET',
      'QUOTE_MISSING',
      'MAX_ORDER_NOTIONAL_UNSET',
      'OPEN_NOTIONAL_UNKNOWN',
      'ORDER_RATE_UNKNOWN',
      'BALANCE_MISSING',
    ]);
  });

  it.each([
    ['quantity', '0'],
    ['quantity', '-1'],
    ['quantity', 'NaN'],
    ['price', ''],
    ['price', '1e5'],
  ] as const)('denies an order whose %s is "%s" as no order', (field, value) => {
    const verdict = judge({ ...goodOrder, order: { ...goodOrder.order, [field]: value } });
    expect(verdict).toMatchObject({ allowed: false, denials: [{ code: 'ORDER_INVALID', value }] });
  });

  it.each<[string, Partial<GateInput>]>([
    ['a balance that is no number', { balances: { base: '1', quote: 'lots' } }],
    ['a negative reserve, which would free money', { reserved: { base: '0', quote: '-1' } }],
    ['a negative fee rate', { feeRate: '-0.001' }],
    ['a negative collar', { config: { ...goodOrder.config, collarBps: '-1' } }],
    ['a negative open notional, which would free room', { openNotional: '-1' }],
    ['a limit that is no number', { config: { ...goodOrder.config, maxOrderNotional: '' } }],
  ])('denies instead of throwing on %s', (_, given) => {
    expect(codes({ ...goodOrder, ...given })).toEqual(['INPUT_INVALID']);
  });

  it('gives a verdict that survives JSON', () => {
    for (const input of [goodOrder, hopelessOrder]) {
      expect(JSON.parse(JSON.stringify(judge(input)))).toEqual(judge(input));
    }
  });
});
