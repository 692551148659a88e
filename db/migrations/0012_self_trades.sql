-- When two orders of one account trade with each other, as one that waits at the touch and one that crosses do, the venue tells one trade of
-- both under the same id: a trade is one of ours for each order of ours in it.

alter table fills drop constraint fills_pkey, add primary key (venue, symbol, trade_id, venue_order_id);
alter table foreign_trades drop constraint foreign_trades_pkey, add primary key (venue, symbol, trade_id, venue_order_id);
