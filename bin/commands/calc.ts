import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { parsePlanInput, type PlanPreview, previewPlan } from '../../domain/execution/calc-plan.ts';
import {
  calcShortfall,
  parseShortfallInput,
  type ShortfallCalculation,
} from '../../domain/execution/costs/calc-shortfall.ts';
import { InvalidInput } from '../stack/failures.ts';
import { UnusableInput } from '../terminal/errors.ts';
import { type CommonOptions, listOf, print, tableOf, withCommonOptions } from '../terminal/output.ts';
import { registerIndicator } from './calc-indicator.ts';
import { printMetrics } from './calc-metrics.ts';
import { printDsr, printPbo, printPsr } from './calc-overfitting.ts';

type InputOptions = CommonOptions & { readonly input: string };

/** Adds `tradewind calc`: the platform's formulas on a file, without a stack. */
export function register(program: Command): void {
  const calc = program.command('calc').description("the platform's own formulas on a file; needs no stack");
  onInput(calc, 'plan', 'the slices that an order would be cut into', (document, options) => {
    const parsed = parsePlanInput(document);
    if (!parsed.ok) throw new UnusableInput(parsed.problems);
    const preview = previewPlan(parsed);
    print(options, preview, () => readablePlan(preview));
  });
  onInput(calc, 'shortfall', 'implementation shortfall of a list of fills', (document, options) => {
    const parsed = parseShortfallInput(document);
    if (!parsed.ok) throw new UnusableInput(parsed.problems);
    const result = calcShortfall(parsed.input);
    print(options, result, () => readableShortfall(result));
  });
  onInput(calc, 'metrics', 'metrics of a series of returns, beside a benchmark where one is given', printMetrics);
  onInput(calc, 'psr', 'probability that the true Sharpe ratio is above a benchmark', printPsr);
  onInput(calc, 'dsr', 'the same against the best that so many trials show by chance', printDsr);
  onInput(calc, 'pbo', 'probability that the best of some trials was overfitted', printPbo);
  registerIndicator(calc);
}

function onInput(
  calc: Command,
  name: string,
  description: string,
  work: (document: unknown, options: CommonOptions) => void,
): void {
  withCommonOptions(calc.command(name).description(description), 'nothing')
    .requiredOption('--input <file>', 'JSON file, or - for standard input')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<InputOptions>();
      work(await readDocument(options.input), options);
    });
}

async function readDocument(path: string): Promise<unknown> {
  let content: string;
  try {
    content = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidInput(`--input ${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new InvalidInput(`--input ${path} is not JSON: ${(error as Error).message}`);
  }
}

function readablePlan(preview: PlanPreview): string {
  return [
    listOf([
      ['algorithm', preview.algo],
      ['quantity', preview.quantity],
      ['planned', preview.planned],
      ['dust', preview.dust],
    ]),
    tableOf(
      ['slice', 'after ms', 'target', 'quantity'],
      preview.slices.map((slice) => [slice.n, slice.offsetMs, slice.target, slice.quantity]),
    ),
  ].join('');
}

function readableShortfall(result: ShortfallCalculation): string {
  return [
    listOf([
      ['ordered', result.ordered],
      ['filled', result.filled],
      ['average price', result.avgPrice],
      ['delay', result.delay],
      ['execution', result.execution],
      ['opportunity', result.opportunity],
      ['fees', result.fees],
      ['total', result.quote],
      ['total in bps', result.bps],
    ]),
    ...Object.entries(result.reasons).map(([field, reason]) => `${field} is not defined: ${reason}\n`),
  ].join('');
}
