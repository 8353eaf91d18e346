-- Drainers that have not ended in order. A living one holds a session advisory lock on its id (lib/pipeline/queue/drainers.ts).
CREATE TABLE "drainers" (
  "id" integer PRIMARY KEY,
  "pid" integer NOT NULL,
  -- When its session was opened, by the server's own clock: it is compared with the start of the server.
  "since" timestamptz NOT NULL DEFAULT now()
);--> statement-breakpoint
-- Which drainer claimed the row last.
ALTER TABLE "queue" ADD COLUMN "drainer_id" integer;
