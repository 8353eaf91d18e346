-- History tables only grow. They are partitioned by day on the UUID v7 itself. They have no foreign keys to each other,
-- which would block dropping a day, and no DEFAULT partition, because with one the query for the latest 20 rows of an
-- account would have to merge all days.

create table events (
  account_id uuid not null,
  id uuid not null,
  type text not null,
  external_id text,
  source_id uuid not null,
  feedback_id uuid,
  subject_id text not null,
  feedback_version integer,
  data text not null,
  parts jsonb,
  decisions jsonb not null,
  primary key (account_id, id)
) partition by range (id);
--> statement-breakpoint
create table payloads (
  account_id uuid not null,
  id uuid not null,
  format text not null,
  body text not null,
  primary key (account_id, id)
) partition by range (id);
--> statement-breakpoint
create table deliveries (
  account_id uuid not null,
  id uuid not null,
  event_id uuid,
  webhook_id uuid,
  webhook_version integer,
  payload_id uuid not null,
  feedback_version integer,
  test jsonb,
  primary key (account_id, id)
) partition by range (id);
--> statement-breakpoint
create table calls (
  account_id uuid not null,
  id uuid not null,
  delivery_id uuid not null,
  webhook_id uuid,
  webhook_version integer,
  attempt smallint not null,
  test boolean not null,
  status smallint,
  failure text,
  detail text,
  duration_ms real not null,
  connect_ms real,
  first_byte_ms real,
  signed_at integer,
  signature text,
  key_version integer,
  secret_version integer,
  response_headers text,
  response_body text,
  response_bytes integer,
  retry_after_seconds integer,
  primary key (account_id, id)
) partition by range (id);
--> statement-breakpoint
create index calls_of_delivery on calls (account_id, delivery_id);
--> statement-breakpoint
-- For the limit of test fires: counts those of the last minute.
create index deliveries_test on deliveries (account_id, id) where test is not null;
--> statement-breakpoint
create table outcomes (
  account_id uuid not null,
  delivery_id uuid not null,
  webhook_id uuid not null,
  kind text not null check (kind in ('exhausted', 'cancelled')),
  reason text not null,
  at timestamptz not null default hub_now(),
  primary key (account_id, delivery_id)
) partition by range (delivery_id);
--> statement-breakpoint
create index outcomes_of_webhook on outcomes (account_id, webhook_id, delivery_id);
--> statement-breakpoint
-- The queue. Rows come and go at the rate of deliveries, so vacuum runs by count, not by share, and without delay.
create table queue (
  account_id uuid not null,
  delivery_id uuid not null,
  webhook_id uuid not null,
  payload_id uuid not null,
  feedback_version integer,
  key_version integer,
  lease integer not null default 0,
  lost smallint not null default 0,
  attempts smallint not null default 0,
  run_at timestamptz not null default hub_now(),
  primary key (account_id, delivery_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
create index queue_due on queue (run_at, delivery_id);
--> statement-breakpoint
-- Rows with three abandoned claims, which are claimed alone. Almost always empty.
create index queue_lost on queue (run_at) where lost >= 3;
--> statement-breakpoint
-- The smallest UUID v7 of a moment: 48 bits of Unix milliseconds, then zeros.
create function uuid_floor(moment timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
--> statement-breakpoint
-- Makes the partitions of yesterday, today and the next `ahead` days. Returns how many full days ahead exist.
create function make_partitions(ahead integer) returns integer language plpgsql as $$
declare
  today date := (hub_now() at time zone 'UTC')::date;
  day date;
  parent text;
begin
  perform pg_advisory_xact_lock(hashtext('hearback partitions'));
  for day in select generate_series(today - 1, today + ahead, interval '1 day')::date loop
    foreach parent in array array['events', 'payloads', 'deliveries', 'calls', 'outcomes'] loop
      if to_regclass(parent || '_' || to_char(day, 'YYYYMMDD')) is null then
        execute format(
          'create table %I partition of %I for values from (%L) to (%L)',
          parent || '_' || to_char(day, 'YYYYMMDD'), parent,
          uuid_floor(day::timestamp at time zone 'UTC'), uuid_floor((day + 1)::timestamp at time zone 'UTC')
        );
      end if;
    end loop;
  end loop;
  return ahead;
end
$$;
--> statement-breakpoint
-- The last day that has a partition in every table. Ingest stops after it.
create function partitions_until() returns date language sql stable as $$
  select min(last) from (
    select max(to_date(right(c.relname, 8), 'YYYYMMDD')) as last
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.relname in ('events', 'payloads', 'deliveries', 'calls', 'outcomes')
      and p.relnamespace = current_schema()::regnamespace
    group by p.relname
  ) as tables
$$;
--> statement-breakpoint
-- Drops the partitions of all days before `day`. Queue rows of those days must be ended first.
create function drop_partitions_before(day date) returns integer language plpgsql as $$
declare
  partition record;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('hearback partitions'));
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.relname in ('events', 'payloads', 'deliveries', 'calls', 'outcomes')
      and p.relnamespace = current_schema()::regnamespace
      and to_date(right(c.relname, 8), 'YYYYMMDD') < day
  loop
    execute format('drop table %I', partition.relname);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
--> statement-breakpoint
-- A trigger instead of a missing grant, because grants do not bind a superuser.
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
