-- Market data for sessions: candles of any timeframe, as far back as a session needs them, and last prices.

-- Of candles: the venue has none that opened earlier; null while that is not known.
alter table stream_coverage add column unavailable_before timestamptz;

-- What candles of a timeframe are made of at a venue. Chosen once: candles that are built from other parts differ in the last digits of their volume.
create table candle_parts (
  venue     text not null,
  timeframe text not null,
  part      text,                         -- the timeframe itself where the venue has it; null where nothing that it has divides it
  primary key (venue, timeframe)
);

-- Null in seconds that were stored before these columns were there.
alter table live_tape add column high numeric, add column low numeric;

-- The newest prices of watched symbols.
create table last_prices (
  venue       text not null,
  symbol      text not null,
  last        numeric,                    -- of the newest print
  bid         numeric,                    -- null while that side of the book is empty
  ask         numeric,
  traded_at   timestamptz,                -- the venue's time of that print
  received_at timestamptz not null,       -- our time of the newest message on any of them
  primary key (venue, symbol)
);
