ALTER TABLE "webhook_versions" ADD COLUMN "success" text DEFAULT '2xx' NOT NULL;--> statement-breakpoint
-- True: a kept connection turned out to be closed, and the request was sent again on a new one.
ALTER TABLE "calls" ADD COLUMN "reconnected" boolean;--> statement-breakpoint
-- A custom header Authorization becomes an own header where calls send it: no key of the account is set, no queued delivery
-- carries a former one, and there is no Basic. The sealed value stays where it is.
UPDATE "webhook_versions" v SET "authentication" = 'own-header'
FROM "webhooks" w JOIN "accounts" a ON a.id = w.account_id
WHERE v.account_id = w.account_id AND v.webhook_id = w.id AND v.version = w.version
  AND v.authentication = 'account-key' AND a.pre_shared_key_version IS NULL
  AND jsonb_path_exists(v.headers, '$[*].name ? (@ like_regex "^authorization$" flag "i")')
  AND NOT EXISTS (SELECT FROM "queue" q
    WHERE q.account_id = w.account_id AND q.webhook_id = w.id AND q.key_version IS NOT NULL);--> statement-breakpoint
-- Elsewhere calls stay as they are, and a notice says so. Its id is a UUID v7.
INSERT INTO "notices" ("account_id", "id", "webhook_id", "kind", "detail", "mail_at")
SELECT w.account_id,
  (left(uuid_floor(hub_now())::text, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid,
  w.id, 'own-header-unused', jsonb_build_object('name', v.name), hub_now()
FROM "webhooks" w JOIN "webhook_versions" v
  ON v.account_id = w.account_id AND v.webhook_id = w.id AND v.version = w.version
WHERE w.deleted_at IS NULL AND v.authentication IN ('account-key', 'basic')
  AND jsonb_path_exists(v.headers, '$[*].name ? (@ like_regex "^authorization$" flag "i")');
