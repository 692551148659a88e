import type { FieldProblem } from '../../parameters/param-spec.ts';
import { failure } from '../failure.ts';
import type { BacktestInput } from '../run.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';

/** Throws `BacktestFailure` with every field that a run cannot start with. */
export function checkInput({
  markets,
  broker,
  sizing,
  from,
  to,
}: Pick<BacktestInput, 'markets' | 'broker' | 'sizing' | 'from' | 'to'>): void {
  const problems: FieldProblem[] = [...brokerProblems(broker), ...sizingProblems(sizing)];
  if (markets.length === 0) {
    problems.push({ field: 'markets', value: [], message: 'give the bars of at least one symbol' });
  }
  markets.forEach(({ symbol, timeframe }, m) => {
    if (timeframe !== markets[0]!.timeframe) {
      const message = `has bars of ${timeframe}, the first of ${markets[0]!.timeframe}: give bars of one length`;
      problems.push({ field: `markets.${m}`, value: timeframe, message });
    }
    if (markets.slice(0, m).some((other) => other.symbol === symbol)) {
      problems.push({ field: `markets.${m}`, value: symbol, message: 'this symbol is there already: give each once' });
    }
  });
  for (const [field, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value !== undefined && !Number.isFinite(value)) {
      problems.push({ field, value, message: 'give milliseconds since 1970' });
    }
  }
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
}

function brokerProblems(broker: BrokerSettings): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (field: string, value: number, isGood: boolean, message: string): void => {
    if (!(Number.isFinite(value) && isGood)) problems.push({ field: `broker.${field}`, value, message });
  };
  const { cash, commission, spread, slippageBps, margin, volumeShare, priceImpact, instruments } = broker;
  check('cash', cash, cash > 0, 'give an amount above 0');
  check('commission.maker', commission.maker, Math.abs(commission.maker) < 1, 'give a rate between -1 and 1');
  check(
    'commission.taker',
    commission.taker,
    commission.taker >= 0 && commission.taker < 1,
    'give a rate of at least 0 and below 1',
  );
  check('commission.fixed', commission.fixed, commission.fixed >= 0, 'give an amount of at least 0');
  check('spread', spread, spread >= 0 && spread < 1, 'give a ratio of at least 0 and below 1');
  check(
    'slippageBps',
    slippageBps,
    slippageBps >= 0 && slippageBps < 10_000,
    'give basis points from 0 to below 10000',
  );
  check('margin', margin, margin > 0 && margin <= 1, 'give a ratio above 0 and at most 1');
  check('priceImpact', priceImpact, priceImpact >= 0, 'give a coefficient of at least 0');
  if (volumeShare !== null) {
    check(
      'volumeShare',
      volumeShare,
      volumeShare > 0 && volumeShare <= 1,
      'give a share above 0 and at most 1, or null',
    );
  }
  for (const [symbol, steps] of Object.entries(instruments)) {
    for (const name of ['tick', 'lot', 'minNotional'] as const) {
      check(`instruments.${symbol}.${name}`, steps[name], steps[name] >= 0, 'give a number of at least 0');
    }
  }
  return problems;
}

function sizingProblems(sizing: Sizing): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (field: string, value: number, isGood: boolean, message: string): void => {
    if (!(Number.isFinite(value) && isGood)) problems.push({ field: `sizing.${field}`, value, message });
  };
  const { kind, value } = sizing;
  const isShare = kind === 'cashShare' || kind === 'riskPerTrade';
  check(
    'value',
    value,
    value > 0 && (!isShare || value <= 1),
    isShare ? 'give a share above 0 and at most 1' : 'give a number above 0',
  );
  if (kind === 'volatilityTarget') {
    check(
      'window',
      sizing.window,
      Number.isSafeInteger(sizing.window) && sizing.window >= 3,
      'give a whole number of closes, at least 3: their spread needs two returns',
    );
    check('barsPerYear', sizing.barsPerYear, sizing.barsPerYear > 0, 'give a number above 0');
    check('maxShare', sizing.maxShare, sizing.maxShare > 0, 'give a number above 0');
  }
  return problems;
}
