import { type SendOutcome, VenueReadError } from '../ports/venue.ts';
import type { CodeMeaning, RawError, VenueCapability } from './capabilities/capability.ts';
import { messageOf } from './read-failure.ts';
import { certainlyUnsent, type WireRecord } from './wire.ts';

/** Texts that speak of a doubtful end whatever code they come with. */
const DOUBT = /time(d)? ?out|unknown error|status unknown|internal error|system error|system busy|upgrad/i;

/**
 * What a failed send means. In this order: nothing can have left us; the venue's own code; the HTTP status; all else is unknown. ccxt's
 * class decides nothing once an answer came: for the same class one exchange placed the order and another did not.
 */
export function classifySendFailure(error: unknown, record: WireRecord, capability: VenueCapability): SendOutcome {
  if (certainlyUnsent(record)) return unsent(error, record);
  const { answer } = record;
  if (answer === null) return { kind: 'unknown', reason: messageOf(error) };
  // A server error leaves the outcome open even with a code that is otherwise a refusal.
  if (answer.status >= 500) return unknownAnswer(answer.status, capability.readRawError(answer));
  const raw = capability.readRawError(answer);
  if (raw !== null) {
    const meaning = DOUBT.test(raw.message) ? 'ambiguous' : capability.meaningOf(raw);
    return meaning === null || meaning === 'ambiguous'
      ? unknownAnswer(answer.status, raw)
      : refusedBy(raw, meaning, capability);
  }
  const meaning = answer.status < 400 ? null : capability.meaningOfStatus(answer.status);
  if (meaning === null || meaning === 'ambiguous') {
    return { kind: 'unknown', reason: `HTTP ${answer.status} without a code: ${messageOf(error)}` };
  }
  return refused(meaning, String(answer.status), `the venue answered HTTP ${answer.status}`);
}

/** Nothing left this process, or no connection came about: the order is certainly not at the venue. */
function unsent(error: unknown, record: WireRecord): SendOutcome {
  if (record.failureCode !== null) {
    return refused('refused-later', record.failureCode, 'no connection to the venue came about, nothing was sent');
  }
  const code = error instanceof VenueReadError && error.code !== null ? error.code : 'NOT_SENT';
  const meaning = error instanceof VenueReadError && code !== 'NO_SUCH_MARKET' ? 'refused-later' : 'refused-never';
  return refused(meaning, code, messageOf(error));
}

/** Under a code of ours where the platform acts upon it; the venue's own then stands in the text. */
function refusedBy(
  raw: RawError,
  meaning: Exclude<CodeMeaning, 'ambiguous'>,
  capability: VenueCapability,
): SendOutcome {
  const reason = capability.reasonOf(raw);
  if (reason === null) return refused(meaning, raw.code, raw.message);
  return refused(meaning, reason, `${raw.code}: ${raw.message}`);
}

function refused(meaning: Exclude<CodeMeaning, 'ambiguous'>, code: string, message: string): SendOutcome {
  return { kind: 'refused', code, message, retry: meaning === 'refused-later' ? 'later' : 'never' };
}

function unknownAnswer(status: number, raw: RawError | null): SendOutcome {
  const text = raw === null ? '' : `, ${raw.code}: ${raw.message}`;
  return { kind: 'unknown', reason: `the venue answered HTTP ${status}${text}` };
}
