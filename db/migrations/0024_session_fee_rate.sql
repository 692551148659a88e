-- What the risk gate of the account held back on top of a buy when the session was started, as a ratio: its entries are sized with it. Sessions of before
-- were sized without, and stay so: their books are made anew out of the same numbers.
alter table sessions add column fee_rate text not null default '0';
