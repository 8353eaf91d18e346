CREATE TABLE "notices" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"dismissed_at" timestamp with time zone,
	"mail_at" timestamp with time zone,
	"mail_tries" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "notices_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_lanes" (
	"account_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"per_minute" integer,
	"next_at" timestamp with time zone,
	"paused_until" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"state" text DEFAULT 'open' NOT NULL,
	"probes" smallint DEFAULT 0 NOT NULL,
	"probe_at" timestamp with time zone,
	"ramp" integer DEFAULT 0 NOT NULL,
	"told_failing" boolean DEFAULT false NOT NULL,
	"told_exhausted" boolean DEFAULT false NOT NULL,
	"told_turning_off" boolean DEFAULT false NOT NULL,
	CONSTRAINT "webhook_lanes_account_id_webhook_id_pk" PRIMARY KEY("account_id","webhook_id")
);
--> statement-breakpoint
ALTER TABLE "webhook_versions" ADD COLUMN "rate_per_minute" integer;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "turned_off" text;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_webhook_id_webhooks_account_id_id_fk" FOREIGN KEY ("account_id","webhook_id") REFERENCES "webhooks"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_lanes" ADD CONSTRAINT "webhook_lanes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_lanes" ADD CONSTRAINT "webhook_lanes_account_id_webhook_id_webhooks_account_id_id_fk" FOREIGN KEY ("account_id","webhook_id") REFERENCES "webhooks"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notices_to_mail" ON "notices" USING btree ("mail_at") WHERE mail_at is not null;--> statement-breakpoint
-- Calls recorded before the running round of the schedule. A delivery that is sent again gets a new round.
alter table queue add column before smallint not null default 0;
--> statement-breakpoint
-- The few rows that the periodic update of webhook states has to read.
create index webhook_lanes_at_work on webhook_lanes (state) where state <> 'open' or failing_since is not null;
