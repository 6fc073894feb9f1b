-- What all migrations come to. Written by SCHEMA=1 npm test -- server/test/schema.test.ts

CREATE TABLE api_keys (
  id text COLLATE "C" NOT NULL,
  tenant integer NOT NULL,
  role text NOT NULL,
  hash text NOT NULL,
  created_at bigint NOT NULL,
  revoked_at bigint,
  PRIMARY KEY (id),
  UNIQUE (hash)
);

CREATE TYPE claim_row AS (
  tenant integer,
  key text COLLATE "C",
  forget_at bigint,
  state smallint,
  on_expired smallint,
  expires_at bigint,
  lease_id uuid,
  holder text,
  run text,
  attempt integer,
  attempts_released integer,
  version integer,
  fence bigint,
  epoch integer,
  ttl_seconds integer,
  retention_seconds integer,
  max_attempts integer,
  fingerprint text,
  first_seen_at bigint,
  claimed_at bigint,
  done_at bigint,
  result_hash text,
  error_code text,
  retryable boolean,
  rejected_empty boolean,
  death_reported boolean,
  metadata text,
  result text,
  group_name text,
  sequence text,
  origin text
);

CREATE TABLE claims (
  tenant integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  forget_at bigint NOT NULL,
  state smallint NOT NULL,
  on_expired smallint NOT NULL,
  expires_at bigint NOT NULL,
  lease_id uuid NOT NULL,
  holder text,
  run text,
  attempt integer NOT NULL,
  attempts_released integer NOT NULL,
  version integer NOT NULL,
  fence bigint NOT NULL,
  epoch integer NOT NULL,
  ttl_seconds integer NOT NULL,
  retention_seconds integer NOT NULL,
  max_attempts integer,
  fingerprint text,
  first_seen_at bigint NOT NULL,
  claimed_at bigint NOT NULL,
  done_at bigint,
  result_hash text,
  error_code text,
  retryable boolean NOT NULL,
  rejected_empty boolean NOT NULL,
  death_reported boolean NOT NULL,
  metadata text,
  result text,
  group_name text,
  sequence text,
  origin text,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE counters (
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (name)
);

CREATE TABLE deliveries (
  hook integer NOT NULL,
  event bigint NOT NULL,
  state smallint NOT NULL,
  next_at bigint,
  attempts integer NOT NULL,
  at bigint NOT NULL,
  type smallint NOT NULL,
  key text COLLATE "C" NOT NULL,
  run text,
  attempt integer NOT NULL,
  first_seen_at bigint NOT NULL,
  error_code text,
  delivered_at bigint,
  status_code integer,
  error text,
  origin text,
  PRIMARY KEY (hook, event)
);

CREATE TABLE event_days (
  tenant integer NOT NULL,
  day integer NOT NULL,
  type smallint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant, day, type)
);

CREATE TYPE event_row AS (
  tenant integer,
  id bigint,
  at bigint,
  type smallint,
  key text COLLATE "C",
  run text,
  attempt integer,
  first_seen_at bigint,
  error_code text,
  by text,
  origin text
);

CREATE TABLE events (
  tenant integer NOT NULL,
  id bigint NOT NULL,
  at bigint NOT NULL,
  type smallint NOT NULL,
  key text COLLATE "C" NOT NULL,
  run text,
  attempt integer NOT NULL,
  first_seen_at bigint NOT NULL,
  error_code text,
  by text,
  origin text,
  PRIMARY KEY (tenant, id)
);

CREATE SEQUENCE fences;

CREATE TYPE group_row AS (
  tenant integer,
  key text COLLATE "C",
  forget_at bigint,
  record text
);

CREATE TABLE groups (
  tenant integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  forget_at bigint NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE hooks (
  number integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  id text NOT NULL,
  tenant integer NOT NULL,
  created_by text NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  events integer NOT NULL,
  job text,
  waiting integer NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  disabled_at bigint,
  disabled_reason text,
  removed_at bigint,
  PRIMARY KEY (number),
  UNIQUE (id)
);

CREATE TYPE lock_row AS (
  tenant integer,
  key text COLLATE "C",
  expires_at bigint,
  first_seen_at bigint,
  ttl_seconds integer,
  holder text,
  metadata text
);

CREATE TABLE locks (
  tenant integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL,
  first_seen_at bigint NOT NULL,
  ttl_seconds integer NOT NULL,
  holder text,
  metadata text,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE outbox (
  event bigint NOT NULL,
  tenant integer NOT NULL,
  PRIMARY KEY (event)
);

CREATE SEQUENCE servers;

CREATE TABLE tenants (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (name)
);

CREATE TABLE usage (
  tenant integer NOT NULL,
  month integer NOT NULL,
  kind smallint NOT NULL,
  count bigint NOT NULL,
  server smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, month, kind, server)
);

CREATE INDEX claims_asking ON onceonly.claims USING btree (tenant, key) WHERE ((state = 0) AND (on_expired = 1));

CREATE INDEX claims_died ON onceonly.claims USING btree (expires_at) WHERE ((state = 0) AND (NOT death_reported));

CREATE INDEX claims_forget ON onceonly.claims USING btree (forget_at) WHERE ((state <> 0) OR death_reported);

CREATE INDEX claims_run ON onceonly.claims USING btree (tenant, run, key) WHERE ((run IS NOT NULL) AND (state = 0));

CREATE INDEX deliveries_due ON onceonly.deliveries USING btree (hook, next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX deliveries_waiting ON onceonly.deliveries USING btree (hook, key, event) WHERE (state = 0);

CREATE INDEX events_seldom ON onceonly.events USING btree (tenant, type, id) WHERE (type = ANY (ARRAY[2, 4, 5, 6, 7, 8, 9]));

CREATE INDEX groups_forget ON onceonly.groups USING btree (forget_at);

CREATE INDEX hooks_creator ON onceonly.hooks USING btree (created_by);

CREATE INDEX hooks_tenant ON onceonly.hooks USING btree (tenant) WHERE (removed_at IS NULL);

CREATE INDEX locks_expire ON onceonly.locks USING btree (expires_at);

CREATE INDEX outbox_tenant ON onceonly.outbox USING btree (tenant, event);
