import type { DatasetRecord, ImportedFacts } from '../../adapters/ports/candle-store.ts';

/**
 * What a caller should know whose bars were there already: bars are stored once and keep what was found in them the first time, so that
 * a calendar that comes with them later is not taken. Nothing where both say the same.
 */
export function importNotes({ id, gaps: kept, hasVolume }: DatasetRecord, given: ImportedFacts): readonly string[] {
  const notes: string[] = [];
  const remedy = `delete it (tradewind data delete ${id}, DELETE /v1/datasets/${id}) and import the file again`;
  if (!isSame(kept, given.gaps)) {
    const calendar =
      kept.calendar === given.gaps.calendar
        ? `calendar "${kept.calendar}" as it was described then (${kept.missingBars} bars missing), and the one given now (${given.gaps.missingBars} missing)`
        : `calendar "${kept.calendar}" (${kept.missingBars} bars missing), and "${given.gaps.calendar}", given now (${given.gaps.missingBars} missing),`;
    notes.push(
      `these bars were stored before: the data set ${id} keeps its ${calendar} was not taken. The calendar decides days and annual figures. To take the new one, ${remedy}`,
    );
  }
  if (hasVolume !== given.hasVolume) {
    notes.push(
      `these bars were stored before ${hasVolume ? 'with' : 'without'} a volume column, and this file has ${given.hasVolume ? 'one' : 'none'}: hasVolume stays ${hasVolume}. To change it, ${remedy}`,
    );
  }
  return notes;
}

/** Whether two reports say the same of days and missing bars; the ten shown gaps follow from the rest. */
function isSame(a: ImportedFacts['gaps'], b: ImportedFacts['gaps']): boolean {
  return (
    a.calendar === b.calendar &&
    a.count === b.count &&
    a.missingBars === b.missingBars &&
    a.outsideBars === b.outsideBars &&
    a.days.zone === b.days.zone &&
    a.days.startMinutes === b.days.startMinutes &&
    a.days.isAlwaysOpen === b.days.isAlwaysOpen &&
    a.days.weekdays.join() === b.days.weekdays.join()
  );
}
