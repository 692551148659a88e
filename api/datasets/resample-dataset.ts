import { findCalendar } from '../../adapters/candles/calendars.ts';
import { NoWholeBar, resampledBlocks } from '../../adapters/candles/resampled-blocks.ts';
import type { CandleStore, DatasetRecord, SavedDataset } from '../../adapters/ports/candle-store.ts';
import { type Calendar, CALENDAR_NAMES } from '../../domain/market/calendar.ts';
import { canResample } from '../../domain/market/resample.ts';
import { isTimeframe, type Timeframe } from '../../domain/market/timeframe.ts';
import { fieldsProblem, type Problem } from '../problems.ts';
import type { ResampleRequest } from '../routes/datasets/schema.ts';
import { unknownDataset } from './delete-dataset.ts';

export type Resampler = (id: string, request: ResampleRequest, owner: string) => Promise<SavedDataset>;

type Store = Pick<CandleStore, 'findDataset' | 'loadCandles' | 'saveDataset'>;

/**
 * Resamples one data set after the other: each is read through one connection while it is written through another, and many at once would
 * wait for each other's.
 */
export function resamplerOf(store: Store): Resampler {
  let turn: Promise<unknown> = Promise.resolve();
  return (id, request, owner) => {
    const result = turn.then(() => resampleDataset(store, id, request, owner));
    turn = result.catch(() => undefined);
    return result;
  };
}

/**
 * Makes bars of a longer timeframe of a stored data set and stores them as one of their own.
 * @returns the data set, and whether it is a new one: the same bars are stored once
 * @throws {Problem} `DATASET_NOT_FOUND`, or `INVALID_FIELDS` for a timeframe that cannot be made or a calendar that is not known
 */
async function resampleDataset(
  store: Store,
  id: string,
  request: ResampleRequest,
  owner: string,
): Promise<SavedDataset> {
  const base = await datasetOf(store, id);
  const timeframe = timeframeOf(base, request.timeframe);
  const calendar = calendarOf(base, request.calendar);
  const source = { kind: 'resample', datasetId: base.id, timeframe: base.timeframe } as const;
  const dataset = { symbol: base.symbol, timeframe, source, owner };
  try {
    return await store.saveDataset(dataset, resampledBlocks(store, base, { timeframe, calendar }));
  } catch (error) {
    throw error instanceof NoWholeBar ? refused('timeframe', timeframe, error.message) : error;
  }
}

/** @throws {Problem} `DATASET_NOT_FOUND` */
export async function datasetOf(store: Pick<CandleStore, 'findDataset'>, id: string): Promise<DatasetRecord> {
  const record = await store.findDataset(id);
  if (record !== null) return record;
  throw unknownDataset(id);
}

function timeframeOf(base: DatasetRecord, timeframe: string): Timeframe {
  if (!isTimeframe(timeframe)) {
    throw refused('timeframe', timeframe, 'give a whole number and s, m, h, d or w, for example "1h"');
  }
  if (timeframe === base.timeframe || !canResample(base.timeframe, timeframe)) {
    const message = `bars of ${timeframe} cannot be made of bars of ${base.timeframe}: give a whole multiple of ${base.timeframe}`;
    throw refused('timeframe', timeframe, message);
  }
  return timeframe;
}

/** Of a calendar of one's own only the name and the days are kept: it has to be described again. */
function calendarOf({ gaps }: DatasetRecord, given: string | undefined): Calendar {
  const isKnown = (CALENDAR_NAMES as readonly string[]).includes(gaps.calendar);
  if (given === undefined && !isKnown) {
    const message = `the data set has the calendar "${gaps.calendar}" of your own: describe it again`;
    throw refused('calendar', null, message);
  }
  try {
    return findCalendar(given ?? gaps.calendar);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refused('calendar', given ?? null, error.message);
  }
}

function refused(field: string, value: unknown, message: string): Problem {
  return fieldsProblem('INVALID_FIELDS', [{ field, value, message }]);
}
