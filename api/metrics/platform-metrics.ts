import type { LatenessFigures, PlatformFigures } from '../../adapters/ports/platform-figures.ts';
import type { StreamState } from '../../adapters/ports/stream-health.ts';

/** Streams beyond this many are left out, so that a long watch list does not swamp the store of metrics. */
const MOST_STREAMS = 500;
/** A state of a stream; the label of an account decides nothing. */
const STREAM_IS_LIVE: StreamState = 'live';
/** Codes are ours and few; were one ever made of something else, the rest would be counted together. */
const MOST_CODES = 100;

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels?: Labels;
  readonly value: number | null;
  /** Of a histogram: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly samples: readonly Sample[];
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** The figures of Postgres in Prometheus' text format. Figures that are not known are left out, never 0. */
export function platformMetrics(figures: PlatformFigures): string {
  return [...tradingMetrics(figures), ...sessionMetrics(figures), ...venueMetrics(figures), ...streamMetrics(figures)]
    .map(textOf)
    .join('\n');
}

function tradingMetrics({
  executions,
  orders,
  denials,
  lateness,
  haltsInForce,
  lastEventId,
}: PlatformFigures): Metric[] {
  const codes = denials.slice(0, MOST_CODES);
  const rest = denials.slice(MOST_CODES).reduce((sum, { count }) => sum + count, 0);
  return [
    {
      name: 'tradewind_executions',
      help: 'Executions by status.',
      type: 'gauge',
      samples: executions.map(({ status, count }) => ({ labels: { status }, value: count })),
    },
    {
      name: 'tradewind_orders',
      help: 'Orders by venue and outcome; "sending" and "working" have none yet.',
      type: 'gauge',
      samples: orders.map(({ venue, outcome, count }) => ({ labels: { venue, outcome }, value: count })),
    },
    {
      name: 'tradewind_gate_denials_total',
      help: 'Orders that the risk gate refused, by the code of the first reason.',
      type: 'counter',
      samples: [
        ...codes.map(({ code, count }) => ({ labels: { code }, value: count })),
        ...(rest > 0 ? [{ labels: { code: 'OTHER' }, value: rest }] : []),
      ],
    },
    {
      name: 'tradewind_slice_lateness_seconds',
      help: 'From the time at which a slice was due to that at which its first order left; early counts as 0.',
      type: 'histogram',
      samples: histogramOf(lateness),
    },
    { name: 'tradewind_halts_in_force', help: 'Halts that stand.', type: 'gauge', samples: [{ value: haltsInForce }] },
    {
      name: 'tradewind_outbox_last_event_id',
      help: 'The highest id of an event that is stored.',
      type: 'gauge',
      samples: [{ value: lastEventId }],
    },
  ];
}

function sessionMetrics({ sessions, barsDecided, decisionLatency }: PlatformFigures): Metric[] {
  return [
    {
      name: 'tradewind_sessions',
      help: 'Trading sessions by status.',
      type: 'gauge',
      samples: sessions.map(({ status, count }) => ({ labels: { status }, value: count })),
    },
    {
      name: 'tradewind_session_bars_decided_total',
      help: 'Bars that sessions have handled, one for each symbol.',
      type: 'counter',
      samples: [{ value: barsDecided }],
    },
    {
      name: 'tradewind_session_decision_latency_seconds',
      help: 'From the close of a bar to the decision on it; without replays of recorded candles.',
      type: 'histogram',
      samples: histogramOf(decisionLatency),
    },
  ];
}

function histogramOf({ bounds, counts, count, sum }: LatenessFigures): Sample[] {
  return [
    ...bounds.map((bound, index) => ({ suffix: '_bucket', labels: { le: String(bound) }, value: counts[index] ?? 0 })),
    { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
    { suffix: '_sum', value: sum },
    { suffix: '_count', value: count },
  ];
}

function venueMetrics({ venues }: PlatformFigures): Metric[] {
  const each = (
    name: string,
    help: string,
    valueOf: (venue: PlatformFigures['venues'][number]) => number | null,
  ): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: venues.map((venue) => ({ labels: { venue: venue.id }, value: valueOf(venue) })),
  });
  return [
    each('tradewind_venue_up', '1 when the last report of the venue worker says "up".', ({ up }) => Number(up)),
    each('tradewind_venue_health_age_seconds', 'Age of that report.', ({ healthAgeMs }) => seconds(healthAgeMs)),
    each('tradewind_venue_weight_used', 'Request weight used in the window.', ({ usedWeight }) => usedWeight),
    each('tradewind_venue_weight_limit', 'Request weight allowed in the window.', ({ weightLimit }) => weightLimit),
    each('tradewind_venue_owner_epoch', 'Rises with every take-over of the account.', ({ ownerEpoch }) => ownerEpoch),
    each('tradewind_venue_owned', '1 while a venue worker owns the account.', ({ owned }) => Number(owned)),
  ];
}

function streamMetrics({ streams }: PlatformFigures): Metric[] {
  const shown = streams.slice(0, MOST_STREAMS);
  const each = (
    name: string,
    type: Metric['type'],
    help: string,
    valueOf: (stream: PlatformFigures['streams'][number]) => number | null,
  ): Metric => ({
    name,
    help,
    type,
    samples: shown.map((stream) => ({
      labels: {
        venue: stream.venue,
        kind: stream.kind,
        symbol: stream.symbol ?? '',
        timeframe: stream.timeframe ?? '',
      },
      value: valueOf(stream),
    })),
  });
  return [
    each('tradewind_stream_age_seconds', 'gauge', 'Since the last message, by our clock.', ({ silentMs }) =>
      seconds(silentMs),
    ),
    each('tradewind_stream_live', 'gauge', '1 when its worker last reported it as live.', ({ status }) =>
      Number(status === STREAM_IS_LIVE),
    ),
    each('tradewind_stream_gaps_total', 'counter', 'Holes in its sequence, read again.', ({ gaps }) => gaps),
    each(
      'tradewind_stream_reconnects_total',
      'counter',
      'Connections that were made again.',
      ({ reconnects }) => reconnects,
    ),
    {
      name: 'tradewind_streams_left_out',
      help: `Streams beyond the ${MOST_STREAMS} that are shown.`,
      type: 'gauge',
      samples: [{ value: streams.length - shown.length }],
    },
  ];
}

function textOf({ name, help, type, samples }: Metric): string {
  const lines = samples
    .filter((sample): sample is Sample & { readonly value: number } => sample.value !== null)
    .map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
