CREATE TABLE "erasure_subjects" (
	"account_id" uuid NOT NULL,
	"erasure_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	CONSTRAINT "erasure_subjects_account_id_erasure_id_kind_subject_id_pk" PRIMARY KEY("account_id","erasure_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"by" text NOT NULL,
	"sealed_value" text,
	"state" text NOT NULL,
	"phase" text,
	"cursor" uuid,
	"until" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"barrier" bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
	"feedback" integer DEFAULT 0 NOT NULL,
	"declines" integer DEFAULT 0 NOT NULL,
	"messages" integer DEFAULT 0 NOT NULL,
	"events" integer DEFAULT 0 NOT NULL,
	"deliveries" integer DEFAULT 0 NOT NULL,
	"calls" integer DEFAULT 0 NOT NULL,
	"cancelled" integer DEFAULT 0 NOT NULL,
	"started_by" text,
	"created_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"next_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "erasures_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
ALTER TABLE "erasure_subjects" ADD CONSTRAINT "erasure_subjects_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "erasures_running" ON "erasures" USING btree ("next_at") WHERE state in ('counting', 'counted', 'erasing');