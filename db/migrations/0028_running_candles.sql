-- The candle that is still open, of streams of venues that replay candles. Kept apart from those that have closed: no strategy ever sees it. Sessions look
-- in it for prices that they watch, and tell how much of it they have seen.
create table running_candles (
  venue     text not null,
  symbol    text not null,
  timeframe text not null,
  open_at   timestamptz not null,
  high      double precision not null,
  low       double precision not null,
  volume    double precision not null,
  primary key (venue, symbol, timeframe)
);
alter table sessions add column candle_seen jsonb;
