CREATE TABLE "call_links" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"personal" boolean NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT hub_now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "call_links_account_id_id_pk" PRIMARY KEY("account_id","id"),
	CONSTRAINT "call_links_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "first_steps_ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "call_links" ADD CONSTRAINT "call_links_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_links_account_id_call_id_index" ON "call_links" USING btree ("account_id","call_id");--> statement-breakpoint
-- The connection of a call: its address, how long the parts of opening it took (null: it was kept from an earlier call), its TLS.
ALTER TABLE "calls" ADD COLUMN "address" inet, ADD COLUMN "dns_ms" real, ADD COLUMN "tcp_ms" real, ADD COLUMN "tls_ms" real,
  ADD COLUMN "tls_version" text, ADD COLUMN "certificate_ends_at" timestamptz;--> statement-breakpoint
-- Who has events already is past the first steps.
UPDATE "accounts" a SET "first_steps_ended_at" = hub_now() WHERE EXISTS (SELECT FROM "events" e WHERE e.account_id = a.id);
