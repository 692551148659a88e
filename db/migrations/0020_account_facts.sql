-- What each account may do and holds, as its venue told its owner: for those who check before they start something.
create table account_facts (
  venue           text primary key,
  can_trade       boolean,                     -- null where the venue does not tell
  can_withdraw    boolean,
  balances        jsonb not null,              -- [{asset, free, locked}]: amounts as text
  clock_offset_ms double precision,            -- venue clock minus ours
  at              timestamptz not null default now()
);
