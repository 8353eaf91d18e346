ALTER TABLE "webhooks" ADD COLUMN "switched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "held_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "told_held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "webhooks_held" ON "webhooks" USING btree ("held_at") WHERE held_at is not null;--> statement-breakpoint
-- The next call of the row is a probe that a person asked for. A person has sent the delivery again.
ALTER TABLE "queue" ADD COLUMN "probe" boolean DEFAULT false NOT NULL, ADD COLUMN "replay" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "replay" boolean DEFAULT false NOT NULL;
