-- Gives tables and columns the names of docs/glossary.md. Only rows of webhook_health are rewritten.
ALTER TABLE "webhook_lanes" RENAME TO "webhook_health";--> statement-breakpoint
ALTER TABLE "webhook_health" RENAME CONSTRAINT "webhook_lanes_account_id_webhook_id_pk" TO "webhook_health_account_id_webhook_id_pk";--> statement-breakpoint
ALTER TABLE "webhook_health" RENAME CONSTRAINT "webhook_lanes_account_id_accounts_id_fk" TO "webhook_health_account_id_accounts_id_fk";--> statement-breakpoint
ALTER TABLE "webhook_health" RENAME CONSTRAINT "webhook_lanes_account_id_webhook_id_webhooks_account_id_id_fk" TO "webhook_health_account_id_webhook_id_webhooks_account_id_id_fk";--> statement-breakpoint
DROP INDEX "webhook_lanes_at_work";--> statement-breakpoint
UPDATE "webhook_health" SET "state" = 'healthy' WHERE "state" = 'open';--> statement-breakpoint
ALTER TABLE "webhook_health" ALTER COLUMN "state" SET DEFAULT 'healthy';--> statement-breakpoint
-- The few webhooks that the health upkeep reads every second.
CREATE INDEX "webhook_health_upkeep" ON "webhook_health" ("state") WHERE "state" <> 'healthy' OR "failing_since" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" RENAME COLUMN "lost" TO "abandoned_claims";--> statement-breakpoint
ALTER TABLE "queue" RENAME COLUMN "before" TO "earlier_attempts";
