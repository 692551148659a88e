import type { ProtectiveStops, Rules } from '../rules.ts';

const SIDES = ['enterLong', 'exitLong', 'enterShort', 'exitShort'] as const satisfies readonly (keyof Rules)[];
const COMPARISONS: readonly unknown[] = ['above', 'below', 'crossed-above', 'crossed-below'];

/** What is wrong with what a user's `rules` returned, in a sentence, or `null` when it can be run. */
export function rulesProblem(rules: unknown): string | null {
  if (!isRecord(rules))
    return `rules returns ${String(rules)}: give an object with enterLong, exitLong, enterShort, exitShort`;
  const unknown = Object.keys(rules).find((name) => name !== 'stops' && !(SIDES as readonly string[]).includes(name));
  if (unknown !== undefined) return `rules returns "${unknown}", which means nothing: give ${SIDES.join(', ')}, stops`;
  for (const side of SIDES) {
    if (rules[side] !== undefined && !isCondition(rules[side])) {
      return `${side} of its rules is no condition: make it with above(...), crossedAbove(...), all(...), any(...) and so on`;
    }
  }
  return rules.stops === undefined ? null : stopsProblem(rules.stops);
}

function isCondition(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.kind === 'always') return true;
  if (value.kind === 'all' || value.kind === 'any') return Array.isArray(value.of) && value.of.every(isCondition);
  return COMPARISONS.includes(value.kind) && isOperand(value.a) && isOperand(value.b);
}

function isOperand(value: unknown): boolean {
  return Number.isFinite(value) || (isRecord(value) && (value.kind === 'price' || value.kind === 'indicator'));
}

function stopsProblem(stops: unknown): string | null {
  if (!isRecord(stops)) return 'stops of its rules is no object: give stopLoss, takeProfit, trailingStop, maxBars';
  const legal: Readonly<Record<keyof ProtectiveStops, [below: number, wanted: string]>> = {
    stopLoss: [1, 'a share of the price, above 0 and below 1'],
    takeProfit: [Infinity, 'a share of the price, above 0'],
    trailingStop: [1, 'a share of the price, above 0 and below 1'],
    maxBars: [Infinity, 'a whole number of bars, at least 1'],
  };
  for (const [name, value] of Object.entries(stops)) {
    const rule = (legal as Readonly<Record<string, [number, string]>>)[name];
    if (rule === undefined) return `stops of its rules has "${name}": give ${Object.keys(legal).join(', ')}`;
    const isLegal = typeof value === 'number' && value > 0 && value < rule[0];
    if (!isLegal || (name === 'maxBars' && !Number.isSafeInteger(value))) {
      return `${name} of its rules is ${String(value)}: give ${rule[1]}, or leave it out`;
    }
  }
  return null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
