-- Integer ids of events, for formats whose ids are integers. A process takes a thousand at a time.
create sequence event_numbers increment by 1000;
--> statement-breakpoint
-- The call log of one webhook, newest first, even of one that is rarely called.
create index calls_of_webhook on calls (account_id, webhook_id, id);
--> statement-breakpoint
-- Failures are few among many calls. The filter for them must not read the others.
create index calls_failed on calls (account_id, id) where failure is not null;
