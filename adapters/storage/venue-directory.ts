import type { Instrument } from '../../domain/market/instrument.ts';
import type { VenueDirectory, VenueEntry, VenueProfile } from '../ports/order-ledger.ts';
import type { VenueHealth } from '../ports/venue.ts';
import { type Database, inTransaction } from './database.ts';
import { epochMs, exact, exactOrNull } from './rows.ts';
import { ownerHolds } from './venue-ownership.ts';

export interface InstrumentRow {
  symbol: string;
  base: string;
  quote: string;
  tick: string;
  lot: string;
  min_quantity: string;
  max_quantity: string | null;
  min_notional: string;
}

export function instrumentOf(row: InstrumentRow): Instrument {
  return {
    symbol: row.symbol,
    base: row.base,
    quote: row.quote,
    tick: exact(row.tick),
    lot: exact(row.lot),
    minQuantity: exact(row.min_quantity),
    maxQuantity: exactOrNull(row.max_quantity),
    minNotional: exact(row.min_notional),
  };
}

interface VenueRow {
  id: string;
  exchange: string;
  label: 'paper' | 'live';
  assumptions: unknown;
  market_time: 'wall' | 'candles';
  health: VenueHealth | null;
  health_age_ms: string | null;
  owner: string | null;
  epoch: number | null;
  since: Date | null;
  held: boolean;
}

function entryOf(row: VenueRow): VenueEntry {
  const profile: VenueProfile = {
    id: row.id,
    exchange: row.exchange,
    label: row.label,
    assumptions: row.assumptions,
    marketTime: row.market_time,
  };
  return {
    profile,
    health: row.health,
    healthAgeMs: row.health_age_ms === null ? null : Math.max(0, Math.round(Number(row.health_age_ms))),
    owner:
      row.owner === null || row.epoch === null || row.since === null
        ? null
        : { worker: row.owner, epoch: row.epoch, since: epochMs(row.since), held: row.held },
  };
}

async function saveVenue(database: Database, profile: VenueProfile, instruments: readonly Instrument[]): Promise<void> {
  await inTransaction(database, async (connection) => {
    await connection.query(
      `insert into venues (id, exchange, label, assumptions, market_time) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set exchange = $2, label = $3, assumptions = $4, market_time = $5, updated_at = now()`,
      [profile.id, profile.exchange, profile.label, JSON.stringify(profile.assumptions), profile.marketTime ?? 'wall'],
    );
    // One statement for all instruments: an exchange lists thousands.
    await connection.query(
      `insert into instruments (venue, symbol, base, quote, tick, lot, min_quantity, max_quantity, min_notional)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
       on conflict (venue, symbol) do update set
         base = excluded.base, quote = excluded.quote, tick = excluded.tick, lot = excluded.lot,
         min_quantity = excluded.min_quantity, max_quantity = excluded.max_quantity,
         min_notional = excluded.min_notional, updated_at = now()`,
      [
        profile.id,
        instruments.map((each) => each.symbol),
        instruments.map((each) => each.base),
        instruments.map((each) => each.quote),
        instruments.map((each) => each.tick),
        instruments.map((each) => each.lot),
        instruments.map((each) => each.minQuantity),
        instruments.map((each) => each.maxQuantity),
        instruments.map((each) => each.minNotional),
      ],
    );
    await connection.query('delete from instruments where venue = $1 and symbol <> all($2::text[])', [
      profile.id,
      instruments.map((each) => each.symbol),
    ]);
  });
}

/** Venues, instruments and their health in Postgres. */
export function createVenueDirectory(database: Database): VenueDirectory {
  return {
    saveVenue: (profile, instruments) => saveVenue(database, profile, instruments),
    saveHealth: async (venue, health) => {
      await database.query('update venues set health = $2, health_at = now() where id = $1', [
        venue,
        JSON.stringify(health),
      ]);
    },
    findInstrument: async (venue, symbol) => {
      const { rows } = await database.query<InstrumentRow>(
        'select * from instruments where venue = $1 and symbol = $2',
        [venue, symbol],
      );
      return rows[0] === undefined ? null : instrumentOf(rows[0]);
    },
    listInstruments: async (venue) => {
      const { rows } = await database.query<InstrumentRow>(
        'select * from instruments where venue = $1 order by symbol',
        [venue],
      );
      return rows.map(instrumentOf);
    },
    listVenues: async () => {
      const { rows } = await database.query<VenueRow>(
        `select v.id, v.exchange, v.label, v.assumptions, v.market_time, v.health,
                extract(epoch from now() - v.health_at) * 1000 as health_age_ms, o.owner, o.epoch, o.since,
                ${ownerHolds('v.id')} as held
         from venues v left join venue_owners o on o.venue = v.id order by v.id`,
      );
      return rows.map(entryOf);
    },
  };
}
