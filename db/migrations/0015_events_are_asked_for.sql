-- A transaction that notifies takes a lock of the whole server at its commit, so that commits of all accounts pass one after another. Whoever follows
-- events asks for them instead.

drop trigger outbox_notify on outbox;
drop function notify_outbox();
