-- The failures of one webhook. Without it, a filter would read all calls of the webhook or all failures of the account.
create index calls_failed_of_webhook on calls (account_id, webhook_id, id) where failure is not null;
--> statement-breakpoint
-- Test fires are rare and have a filter of their own.
create index calls_test on calls (account_id, id) where test;
