-- Tenants are numbers, and states and types are the codes of `codes.ts`. Keys are sorted by code points, as in every store. A claim
-- that is held is in the index `claims_died`, and one that has ended is in `claims_forget`, so each row is in only one of them.

CREATE TABLE counters (name text PRIMARY KEY, value bigint NOT NULL);
INSERT INTO counters VALUES ('time', 0), ('event', 0);
CREATE SEQUENCE fences;

CREATE TABLE tenants (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text COLLATE "C" NOT NULL UNIQUE);

CREATE TABLE api_keys (
  id text COLLATE "C" PRIMARY KEY,
  tenant integer NOT NULL,
  role text NOT NULL,
  hash text NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  revoked_at bigint
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
  PRIMARY KEY (tenant, key)
);
CREATE INDEX claims_died ON claims (expires_at) WHERE state = 0 AND NOT death_reported;
CREATE INDEX claims_forget ON claims (forget_at) WHERE state <> 0 OR death_reported;
CREATE INDEX claims_run ON claims (tenant, run) WHERE run IS NOT NULL AND state = 0;

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
CREATE INDEX locks_expire ON locks (expires_at);

CREATE TABLE usage (
  tenant integer NOT NULL,
  month integer NOT NULL,
  kind smallint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant, month, kind)
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
  PRIMARY KEY (tenant, id)
);
CREATE INDEX events_seldom ON events (tenant, type, id) WHERE type IN (2, 4, 5, 6, 7, 8, 9);

CREATE TABLE event_days (
  tenant integer NOT NULL,
  day integer NOT NULL,
  type smallint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant, day, type)
);

CREATE TABLE hooks (
  number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id text NOT NULL UNIQUE,
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
  removed_at bigint
);
CREATE INDEX hooks_tenant ON hooks (tenant) WHERE removed_at IS NULL;
CREATE INDEX hooks_creator ON hooks (created_by);

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
  PRIMARY KEY (hook, event)
);
CREATE INDEX deliveries_due ON deliveries (hook, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (hook, key, event) WHERE state = 0;
