import { describe, expect, it } from '@jest/globals';
import { calcShortfall, parseShortfallInput } from '../../../../domain/execution/costs/calc-shortfall.ts';

const example = {
  side: 'buy',
  ordered: '50000',
  decision: '42',
  arrival: '42.30',
  end: '43.50',
  fills: [{ price: '42.75', quantity: '35000' }],
};

function computed(value: unknown) {
  const parsed = parseShortfallInput(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return calcShortfall(parsed.input);
}

function problems(value: unknown) {
  const parsed = parseShortfallInput(value);
  return parsed.ok ? [] : parsed.problems;
}

describe('calc shortfall', () => {
  it('computes the published example', () => {
    // acadifi: 48,750 = 10,500 + 15,750 + 22,500, or 232.14 bps of 50,000 * 42
    expect(computed(example)).toMatchObject({
      ordered: '50000',
      filled: '35000',
      residual: '15000',
      avgPrice: '42.75',
      quote: '48750',
      bps: '232.142857',
      delay: '10500',
      execution: '15750',
      opportunity: '22500',
      fees: '0',
    });
  });

  it('takes JSON numbers as they are written', () => {
    const numbers = {
      ...example,
      ordered: 50_000,
      decision: 42,
      arrival: 42.3,
      end: 43.5,
      fills: [{ price: 42.75, quantity: 35_000 }],
    };
    expect(computed(numbers)).toEqual(computed(example));
  });

  it('converts fees in the assets of the symbol', () => {
    // 0.1 BTC at the mid 41 = 4.1, plus 2 USDT, plus 0.01 BNB at 600 = 6: 12.1
    const fills = [
      { price: '42', quantity: '1', fee: '0.1', feeAsset: 'BTC', mid: '41' },
      { price: '42', quantity: '1', fee: '2' },
      { price: '42', quantity: '1', fee: '0.01', feeAsset: 'BNB', feePrice: '600' },
    ];
    expect(computed({ ...example, symbol: 'BTC/USDT', fills }).fees).toBe('12.1');
  });

  it('calls the assets base and quote when there is no symbol', () => {
    const fills = [{ price: '42', quantity: '1', fee: '0.1', feeAsset: 'base', mid: '41' }];
    expect(computed({ ...example, fills }).fees).toBe('4.1');
  });

  it('leaves undefined, with a reason, what a missing mid or an empty list of fills does not tell', () => {
    const { end: _end, ...open } = example;
    expect(computed(open)).toMatchObject({ opportunity: null, quote: null, execution: '15750' });
    expect(computed({ ...example, fills: [] })).toMatchObject({
      avgPrice: null,
      reasons: { avgPrice: 'nothing was filled' },
    });
  });

  it.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['nothing', null, ''],
    ['no side', { ...example, side: undefined }, 'side'],
    ['a wrong side', { ...example, side: 'BUY' }, 'side'],
    ['a missing quantity', { ...example, ordered: undefined }, 'ordered'],
    ['a quantity of zero', { ...example, ordered: '0' }, 'ordered'],
    ['a negative price', { ...example, decision: '-1' }, 'decision'],
    ['an exponent', { ...example, arrival: '4e1' }, 'arrival'],
    ['a number too small to be written plainly', { ...example, arrival: 1e-9 }, 'arrival'],
    ['NaN', { ...example, end: Number.NaN }, 'end'],
    ['no fills', { ...example, fills: undefined }, 'fills'],
    ['fills beyond the order', { ...example, ordered: '34999' }, 'fills'],
    ['a fill that is no object', { ...example, fills: ['x'] }, 'fills[0]'],
    ['a fill without a price', { ...example, fills: [{ quantity: '1' }] }, 'fills[0].price'],
    ['a fee that is no number', { ...example, fills: [{ price: '1', quantity: '1', fee: 'x' }] }, 'fills[0].fee'],
    ['a misspelt field', { ...example, qty: '1' }, 'qty'],
    ['a misspelt field of a fill', { ...example, fills: [{ price: '1', quantity: '1', mids: '1' }] }, 'fills[0].mids'],
    ['a symbol without a quote', { ...example, symbol: 'BTC' }, 'symbol'],
  ])('refuses %s, naming the field', (_, value, field) => {
    expect(problems(value).map((problem) => problem.field)).toContain(field);
    for (const problem of problems(value)) expect(problem.message).not.toBe('');
  });

  it('reports all that is wrong at once', () => {
    const wrong = problems({ side: 'hold', ordered: 'x', fills: [{ price: '0', quantity: '1' }] });
    expect(wrong.map((problem) => problem.field)).toEqual(['side', 'ordered', 'fills[0].price']);
  });
});
