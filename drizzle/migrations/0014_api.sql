CREATE TABLE "idempotent_answers" (
	"account_id" uuid NOT NULL,
	"key" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"status" smallint,
	"sealed" text,
	"created_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	CONSTRAINT "idempotent_answers_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "metadata" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "limits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "api_key" text;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "metadata" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotent_answers" ADD CONSTRAINT "idempotent_answers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotent_answers_created_at_index" ON "idempotent_answers" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhooks_external_id" ON "webhooks" USING btree ("account_id","external_id") WHERE deleted_at is null;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_external_id" UNIQUE("external_id");