import type { OptimizationRecord } from '../../adapters/ports/optimization-store.ts';
import { renderOptimization } from '../../adapters/reports/render-optimization.ts';
import { optimizationReport } from '../../domain/optimization/report/optimization-report.ts';
import { resultOf } from './views.ts';

/** The report of an optimisation as one HTML page. Throws `NO_RESULT` while it has not been judged. */
export async function reportFile(record: OptimizationRecord): Promise<string> {
  const { spec, identity } = record.request;
  const document = optimizationReport({
    result: resultOf(record),
    spec,
    symbols: identity.data.map(({ symbol }) => symbol),
    timeframe: identity.data[0]?.timeframe ?? '',
    manifest: { id: record.id, ...identity, spec },
  });
  return renderOptimization(document);
}
