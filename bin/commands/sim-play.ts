import { type Command, InvalidArgumentError } from 'commander';
import { CandleVenue, type CandlePosition } from '../replay/candle-venue.ts';
import { play, type Played } from '../replay/play.ts';
import { isOver, sessionApi, type SessionView } from '../replay/session-view.ts';
import { venueOf } from '../stack/venue-admin.ts';
import { openClient } from '../terminal/client.ts';
import { parseDuration } from '../terminal/duration.ts';
import { JobFailed } from '../terminal/errors.ts';
import { resolveHome } from '../terminal/home.ts';
import { listOf, print, say, tableOf, withCommonOptions } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';

interface VenueOptions {
  readonly home?: string;
  readonly venue: string;
  readonly json?: boolean;
}

interface PlayCommandOptions extends VenueOptions {
  readonly session?: readonly string[];
  readonly bars?: number;
  readonly speed?: number;
  readonly patience: number;
}

/** What may take long behind one bar: a process that is started again, an order that is taken back. */
const PATIENCE_MS = 120_000;
const PROGRESS_EVERY_MS = 2_000;

/** Adds `sim release` and `sim play`: they drive a venue that replays candles, from outside the platform. */
export function registerPlay(sim: Command): void {
  onCandles(sim.command('release'), 'release the next bar of a venue that replays candles, or one phase of it')
    .option('--phase <phase>', 'open, path, close, or bar for all of them', 'bar')
    .action(async (_own: unknown, command: Command) => {
      const options = command.optsWithGlobals<VenueOptions & { readonly phase: 'bar' }>();
      const released = await candleVenue(options).release(options.phase);
      const { bar, phase, left } = released;
      print(options, released, () => `bar ${bar.index} (${isoOf(bar.time)}): ${phase} released, ${left} bars left\n`);
    });
  onCandles(
    sim.command('play'),
    'release bar after bar, each as soon as the sessions have decided on the one before and have their orders at the venue',
  )
    .option('--session <id>', 'a session to wait for; may be repeated (default: all of the venue)', collect)
    .option('--bars <n>', 'how many bars at most (default: all)', parseCount)
    .option('--speed <bars>', 'how many bars a second at most', parseSpeed)
    .option('--patience <duration>', 'how long to wait for one bar, for example 2m', parseDuration, PATIENCE_MS)
    .action(async (_own: unknown, command: Command) => playCandles(command.optsWithGlobals<PlayCommandOptions>()));
}

function onCandles(command: Command, description: string): Command {
  return withCommonOptions(command.description(description).requiredOption('--venue <id>', 'the simulated venue'));
}

function candleVenue({ home, venue }: VenueOptions): CandleVenue {
  return new CandleVenue(venueOf(stackOf(resolveHome(home)), venue));
}

async function playCandles(options: PlayCommandOptions): Promise<void> {
  const venue = candleVenue(options);
  const api = sessionApi(openClient(options));
  const sessions = options.session ?? (await api.sessionsOf(options.venue)).map(({ id }) => id);
  const { total } = await venue.position();
  let toldAt = Date.now();
  const played = await play({
    venue,
    api,
    sessions,
    bars: options.bars ?? Number.POSITIVE_INFINITY,
    speed: options.speed ?? Number.POSITIVE_INFINITY,
    patienceMs: options.patience,
    onBar: (position, views) => {
      if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = Date.now();
      say(progressLine(position, total, views));
    },
  });
  print(options, documentOf(venue.id, played), () => readable(venue.id, played));
  if (played.sessions.some(({ status }) => status === 'failed')) throw new JobFailed('a session has failed');
}

function progressLine(position: CandlePosition, total: number, sessions: readonly SessionView[]): string {
  const equities = sessions.map(({ name, equity }) => `${name} ${equity.toFixed(2)}`).join(', ');
  return `bar ${position.index + 1} of ${total}, ${isoOf(position.time)}${equities === '' ? '' : `: ${equities}`}`;
}

function documentOf(venue: string, { position, bars, sessions, elapsedMs }: Played) {
  return {
    venue,
    bars,
    left: position.left,
    lastBar: isoOf(position.time),
    elapsedMs,
    msPerBar: bars === 0 ? null : elapsedMs / bars,
    sessions: sessions.map(({ id, name, status, bars: handled, lastBar, fillsTaken, equity, problem }) => ({
      id,
      name,
      status,
      bars: handled,
      lastBar,
      fillsTaken,
      equity,
      problem,
    })),
  };
}

function readable(venue: string, played: Played): string {
  const { bars, left, lastBar, elapsedMs, msPerBar, sessions } = documentOf(venue, played);
  const facts = listOf([
    ['venue', venue],
    ['bars played', bars],
    ['bars left', left],
    ['last bar', lastBar],
    ['took', `${(elapsedMs / 1_000).toFixed(1)} s${msPerBar === null ? '' : `, ${msPerBar.toFixed(0)} ms a bar`}`],
  ]);
  if (sessions.length === 0) return facts;
  const rows = played.sessions.map((session) => [
    session.id,
    session.name,
    session.status,
    session.bars,
    session.lastBar,
    session.fillsTaken,
    session.equity.toFixed(2),
    isOver(session) ? (session.problem?.detail ?? null) : null,
  ]);
  return facts + tableOf(['session', 'name', 'status', 'bars', 'last bar', 'fills', 'equity', 'problem'], rows);
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

function collect(id: string, before: readonly string[] = []): readonly string[] {
  return [...before, id];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  return count;
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed > 0 && speed < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError(`"${text}" is no number above 0.`);
  return speed;
}
