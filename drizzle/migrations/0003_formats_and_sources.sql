CREATE TABLE "test_passes" (
	"account_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"passed_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	CONSTRAINT "test_passes_account_id_hash_pk" PRIMARY KEY("account_id","hash")
);
--> statement-breakpoint
CREATE TABLE "webhook_sources" (
	"account_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"tested" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	CONSTRAINT "webhook_sources_account_id_webhook_id_source_id_pk" PRIMARY KEY("account_id","webhook_id","source_id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "wootric_token" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "team_id" text;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "vendor_ids" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD COLUMN "signs_from" timestamp with time zone DEFAULT hub_now() NOT NULL;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "encoding" text DEFAULT 'json' NOT NULL;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "all_sources" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "test_passes" ADD CONSTRAINT "test_passes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_sources" ADD CONSTRAINT "webhook_sources_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_sources" ADD CONSTRAINT "webhook_sources_account_id_webhook_id_webhooks_account_id_id_fk" FOREIGN KEY ("account_id","webhook_id") REFERENCES "webhooks"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_sources" ADD CONSTRAINT "webhook_sources_account_id_source_id_sources_account_id_id_fk" FOREIGN KEY ("account_id","source_id") REFERENCES "sources"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_sources_of_source" ON "webhook_sources" USING btree ("account_id","source_id");