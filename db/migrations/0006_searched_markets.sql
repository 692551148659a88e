-- What each optimisation looks at, so that trials on the same market are counted together whatever it is called and whatever its bars.

-- The last prices of days of a market, once for all jobs that look at the same ones: comparing them takes milliseconds a pair.
create table optimization_prices (
  hash   text primary key,                 -- SHA-256 of the rest, hex
  days   integer[] not null,               -- days since 1970-01-01 UTC, rising,
  closes double precision[] not null       -- and the last price of each
);

create table optimization_markets (
  optimization bigint not null,
  symbol       text not null,
  from_time    timestamptz not null,       -- of the bars that combinations are tried on
  to_time      timestamptz not null,       -- not included
  prices       text,                       -- hash; null where not known
  primary key (optimization, symbol)
);
create index optimization_markets_symbol on optimization_markets (symbol);

-- The spread of Sharpe ratios, in standard errors, of jobs that get no more rows: found once, by the first job that asks.
create table optimization_spreads (
  optimization bigint primary key,
  trials       bigint not null,            -- rows
  sharpe_count bigint not null,            -- of them with a Sharpe ratio
  sharpe_mean  double precision not null,
  sharpe_squares double precision not null -- squared distances from the mean
);

-- Of jobs before this only the symbols are known for certain, and the time once they were judged; else any time, which counts too much
-- rather than too little. The same bars are told by their hash as before.
insert into optimization_markets (optimization, symbol, from_time, to_time)
select distinct on (o.sequence, d ->> 'symbol')
  o.sequence, d ->> 'symbol',
  coalesce((o.result -> 'span' ->> 'from')::timestamptz, '-infinity'),
  coalesce((o.result -> 'span' ->> 'to')::timestamptz, 'infinity')
from optimizations o, json_array_elements(o.request -> 'identity' -> 'data') d
where d ->> 'symbol' is not null;
