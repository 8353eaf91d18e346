-- The failures of one webhook: its calls may be many and its failures few, or the failures many and its own few.
create index calls_failed_of_webhook on calls (account_id, webhook_id, id) where failure is not null;
--> statement-breakpoint
-- Test fires: rare, and asked for by themselves.
create index calls_test on calls (account_id, id) where test;
