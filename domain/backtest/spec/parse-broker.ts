import type { FieldProblem } from '../../parameters/param-spec.ts';
import { type BrokerSettings, type Commission, DEFAULT_BROKER, type InstrumentSteps } from '../settings.ts';
import { Fields, isObject } from './fields.ts';

const FIELDS = Object.keys(DEFAULT_BROKER);
const RATE = { min: 0, below: 1 } as const;

/** Reads `broker`; absent fields take their defaults. Problems are added to the list. */
export function parseBroker(value: unknown, problems: FieldProblem[]): BrokerSettings {
  if (value === undefined) return DEFAULT_BROKER;
  if (!isObject(value)) {
    problems.push({ field: 'broker', value, message: `give a JSON object with ${FIELDS.join(', ')}` });
    return DEFAULT_BROKER;
  }
  const fields = new Fields(value, 'broker', problems, FIELDS);
  const base = DEFAULT_BROKER;
  return {
    cash: fields.number('cash', { above: 0, meaning: 'the starting capital in quote currency' }, base.cash),
    commission: commissionOf(fields),
    spread: fields.number('spread', { ...RATE, meaning: 'a ratio of the price such as 0.001' }, base.spread),
    slippageBps: fields.number(
      'slippageBps',
      { min: 0, below: 10_000, meaning: 'basis points of the price' },
      base.slippageBps,
    ),
    margin: fields.number(
      'margin',
      { above: 0, max: 1, meaning: 'the margin of a position as a ratio of its value (1 / leverage)' },
      base.margin,
    ),
    fill: fields.choice('fill', ['next-open', 'close'], base.fill),
    wholeUnits: fields.flag('wholeUnits', base.wholeUnits),
    exclusive: fields.flag('exclusive', base.exclusive),
    finalize: fields.flag('finalize', base.finalize),
    direction: fields.choice('direction', ['long', 'short', 'both'], base.direction),
    intrabar: fields.choice(
      'intrabar',
      ['worst-first', 'open-high-low-close', 'open-low-high-close', 'nearest-first'],
      base.intrabar,
    ),
    volumeShare:
      (fields.value('volumeShare') ?? null) === null
        ? null
        : fields.number('volumeShare', { above: 0, max: 1, meaning: 'a share of the volume of a bar, or null' }),
    priceImpact: fields.number(
      'priceImpact',
      { min: 0, meaning: 'the coefficient of the squared volume share' },
      base.priceImpact,
    ),
    instruments: instrumentsOf(fields, problems),
  };
}

/** A number is the rate of makers and takers alike. */
function commissionOf(fields: Fields): Commission {
  const base = DEFAULT_BROKER.commission;
  if (!fields.has('commission')) return base;
  if (typeof fields.value('commission') === 'number') {
    const rate = fields.number('commission', { ...RATE, meaning: 'a ratio of the notional such as 0.001' });
    return { maker: rate, taker: rate, fixed: 0 };
  }
  const given = fields.object('commission', ['maker', 'taker', 'fixed']);
  if (given === null) return base;
  // A maker's rate may be a rebate.
  return {
    maker: given.number('maker', { above: -1, below: 1, meaning: 'the rate of limit orders that wait' }, base.maker),
    taker: given.number('taker', { ...RATE, meaning: 'the rate of everything else' }, base.taker),
    fixed: given.number('fixed', { min: 0, meaning: 'quote currency for each fill' }, base.fixed),
  };
}

function instrumentsOf(fields: Fields, problems: FieldProblem[]): Readonly<Record<string, InstrumentSteps>> {
  const value = fields.value('instruments');
  if (value === undefined) return {};
  if (!isObject(value)) {
    fields.problem('instruments', 'give a JSON object of {tick, lot, minNotional} by symbol');
    return {};
  }
  const instruments: [string, InstrumentSteps][] = [];
  for (const [symbol, steps] of Object.entries(value)) {
    const field = `broker.instruments.${symbol}`;
    if (!isObject(steps)) {
      problems.push({ field, value: steps, message: 'give a JSON object with tick, lot, minNotional' });
      continue;
    }
    const own = new Fields(steps, field, problems, ['tick', 'lot', 'minNotional']);
    instruments.push([
      symbol,
      {
        tick: own.number('tick', { min: 0, meaning: 'the price step, 0 for none' }, 0),
        lot: own.number('lot', { min: 0, meaning: 'the quantity step, 0 for none' }, 0),
        minNotional: own.number('minNotional', { min: 0, meaning: 'the least value of an order, 0 for none' }, 0),
      },
    ]);
  }
  // Not by assignment, which would take "__proto__" for something else than a name.
  return Object.fromEntries(instruments);
}
