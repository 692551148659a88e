import { calcPbo, parsePboInput } from '../../domain/optimization/calc/calc-pbo.ts';
import { calcDsr, calcPsr, parseDsrInput, parsePsrInput } from '../../domain/optimization/calc/calc-sharpe.ts';
import type { Parsed } from '../../domain/optimization/calc/parsed.ts';
import { UnusableInput } from '../terminal/errors.ts';
import { type CommonOptions, listOf, print } from '../terminal/output.ts';

interface Calculation {
  readonly reasons: Readonly<Record<string, string>>;
}

/** A command that reads, calculates and prints one flat document, with the reason for each figure that is not defined. */
function printed<Input>(
  parse: (document: unknown) => Parsed<Input>,
  calculate: (input: Input) => Calculation,
): (document: unknown, options: CommonOptions) => void {
  return (document, options) => {
    const parsed = parse(document);
    if (!parsed.ok) throw new UnusableInput(parsed.problems);
    const { reasons, ...figures } = calculate(parsed.input);
    print(options, { ...figures, reasons }, () =>
      [
        listOf(Object.entries(figures).filter(([, value]) => !Array.isArray(value)) as [string, number | null][]),
        ...Object.entries(reasons).map(([name, reason]) => `${name} is not defined: ${reason}\n`),
      ].join(''),
    );
  };
}

/** `tradewind calc psr`: the probabilistic Sharpe ratio and the track length that it takes. */
export const printPsr = printed(parsePsrInput, calcPsr);

/** `tradewind calc dsr`: the Sharpe ratio deflated by the number of trials. */
export const printDsr = printed(parseDsrInput, calcDsr);

/** `tradewind calc pbo`: the probability of backtest overfitting among trials. */
export const printPbo = printed(parsePboInput, calcPbo);
