import type { ExecutionReport } from '../../domain/execution/costs/report.ts';
import { sliceTable } from './execution-view.ts';
import { listOf } from './output.ts';

/** The cost report for people: what was done, against which prices, what it cost, and slice by slice. */
export function readableReport(report: ExecutionReport): string {
  const { shortfall, slippageBps, venue } = report;
  const reasons = Object.entries(report.reasons).map(([field, reason]) => `${field} is not defined: ${reason}\n`);
  return [
    listOf([
      [
        'execution',
        `${report.side} ${report.ordered} ${report.symbol} on ${venue.id} (${venue.label}), ${report.status}`,
      ],
      ['assumptions', venue.assumptions === null ? 'none: a real venue' : JSON.stringify(venue.assumptions)],
      ['filled', report.filled],
      ['residual', `${report.residual}, of it dust ${report.dust}`],
      ['average price', report.avgPrice],
      ['filled as maker', report.makerShare === null ? null : `${report.makerShare} of it`],
      ['traded with ourselves', report.selfTraded],
      [
        'slices sent late by',
        report.worstLatenessMs === null
          ? null
          : `${report.medianLatenessMs} ms (median), at most ${report.worstLatenessMs} ms`,
      ],
    ]),
    '\nPrices\n',
    listOf([
      ['decision mid', report.decision],
      ['arrival mid', report.arrival],
      ['end mid', report.end],
      ['market VWAP', report.marketVwap],
      ['market TWAP', report.marketTwap],
      ['market volume', report.marketVolume],
      ['participation', report.participation],
    ]),
    '\nShortfall against the decision mid, in quote (positive = a cost)\n',
    listOf([
      ['delay', shortfall.delay],
      ['execution', shortfall.execution],
      ['opportunity', shortfall.opportunity],
      ['fees', shortfall.fees],
      ['total', shortfall.quote],
      ['total in bps', shortfall.bps],
    ]),
    '\nSlippage of the average price, in bps (positive = a cost)\n',
    listOf([
      ['against arrival', slippageBps.arrival],
      ['against VWAP', slippageBps.vwap],
      ['against TWAP', slippageBps.twap],
    ]),
    '\nSlices\n',
    sliceTable(report.slices),
    ...reasons,
  ].join('');
}
