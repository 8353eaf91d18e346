CREATE TABLE "call_rollups" (
	"account_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"delivered" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"erred" integer DEFAULT 0 NOT NULL,
	"unanswered" integer DEFAULT 0 NOT NULL,
	"durations" integer[] DEFAULT '{}' NOT NULL,
	"waiting" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "call_rollups_account_id_webhook_id_started_at_pk" PRIMARY KEY("account_id","webhook_id","started_at")
);
--> statement-breakpoint
CREATE TABLE "late_deliveries" (
	"account_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "late_deliveries_account_id_event_id_delivery_id_pk" PRIMARY KEY("account_id","event_id","delivery_id")
);
--> statement-breakpoint
CREATE TABLE "recovery_jobs" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"filter" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"reason" text,
	"per_minute" integer,
	"expected" integer,
	"cursor" uuid,
	"queued" integer DEFAULT 0 NOT NULL,
	"left_out" integer DEFAULT 0 NOT NULL,
	"started_by" text,
	"created_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"next_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "recovery_jobs_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "upkeep_progress" (
	"task" text PRIMARY KEY NOT NULL,
	"done_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "notice_addresses" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "call_rollups" ADD CONSTRAINT "call_rollups_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_deliveries" ADD CONSTRAINT "late_deliveries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_jobs" ADD CONSTRAINT "recovery_jobs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_jobs" ADD CONSTRAINT "recovery_jobs_account_id_webhook_id_webhooks_account_id_id_fk" FOREIGN KEY ("account_id","webhook_id") REFERENCES "webhooks"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_rollups_started_at_index" ON "call_rollups" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "late_deliveries_missed" ON "late_deliveries" USING btree ("account_id","webhook_id","event_id") WHERE kind = 'missed';--> statement-breakpoint
CREATE INDEX "late_deliveries_event_id_index" ON "late_deliveries" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "recovery_jobs_running" ON "recovery_jobs" USING btree ("next_at") WHERE state = 'running';