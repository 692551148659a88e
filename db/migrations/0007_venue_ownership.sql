-- Who owns a venue account, and the request weight that processes share.

create table venue_owners (
  venue text primary key,
  epoch bigint not null check (epoch > 0),   -- rises with every take-over: whatever an owner writes is checked against it
  owner text not null,                       -- the process, as host/pid
  since timestamptz not null
);

-- One row for each address that counts weight: accounts at one exchange share what that exchange counts by address.
create table venue_weights (
  budget        text primary key,
  minute        timestamptz not null,        -- the minute that "leased" belongs to
  leased        integer not null check (leased >= 0),
  blocked_until timestamptz,                 -- the exchange has told us to send nothing before
  blocked_by    text                         -- HTTP status that said so
);
