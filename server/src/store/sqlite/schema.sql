-- What all migrations come to. Written by SCHEMA=1 npm test -- server/test/schema.test.ts

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  tenant INTEGER NOT NULL,
  role TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  forget_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  on_expired INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lease_id BLOB NOT NULL,
  holder TEXT,
  run TEXT,
  attempt INTEGER NOT NULL,
  attempts_released INTEGER NOT NULL,
  version INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  ttl_seconds INTEGER NOT NULL,
  retention_seconds INTEGER NOT NULL,
  max_attempts INTEGER,
  fingerprint TEXT,
  first_seen_at INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL,
  done_at INTEGER,
  result_hash TEXT,
  error_code TEXT,
  retryable INTEGER NOT NULL,
  rejected_empty INTEGER NOT NULL,
  metadata TEXT,
  result TEXT, death_reported INTEGER NOT NULL DEFAULT 0, group_name TEXT, sequence TEXT, origin TEXT,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_asking ON claims (tenant, key) WHERE state = 0 AND on_expired = 1;

CREATE INDEX claims_died ON claims (expires_at) WHERE state = 0 AND death_reported = 0;

CREATE INDEX claims_forget ON claims (forget_at);

CREATE INDEX claims_run ON claims (tenant, run) WHERE run IS NOT NULL AND state = 0;

CREATE TABLE deliveries (
  hook INTEGER NOT NULL,
  event INTEGER NOT NULL,
  state INTEGER NOT NULL,
  next_at INTEGER,
  attempts INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,
  key TEXT NOT NULL,
  run TEXT,
  attempt INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  error_code TEXT,
  delivered_at INTEGER,
  status_code INTEGER,
  error TEXT, origin TEXT,
  PRIMARY KEY (hook, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (hook, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX deliveries_waiting ON deliveries (hook, key, event) WHERE state = 0;

CREATE TABLE event_days (
  tenant INTEGER NOT NULL,
  day INTEGER NOT NULL,
  type INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  tenant INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,
  key TEXT NOT NULL,
  run TEXT,
  attempt INTEGER NOT NULL,
  error_code TEXT,
  by TEXT, first_seen_at INTEGER, origin TEXT,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX events_seldom ON events (tenant, type, id) WHERE type IN (2, 4, 5, 6, 7, 8, 9);

CREATE TABLE groups (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  forget_at INTEGER NOT NULL,
  record TEXT NOT NULL, -- JSON
  PRIMARY KEY (tenant, key)
) WITHOUT ROWID;

CREATE INDEX groups_forget ON groups (forget_at);

CREATE TABLE hooks (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  events INTEGER NOT NULL,
  job TEXT,
  waiting INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER,
  disabled_reason TEXT,
  removed_at INTEGER
) STRICT;

CREATE INDEX hooks_creator ON hooks (created_by);

CREATE INDEX hooks_tenant ON hooks (tenant) WHERE removed_at IS NULL;

CREATE INDEX hooks_waiting ON hooks (number)
  WHERE waiting > 0 AND disabled_at IS NULL AND removed_at IS NULL;

CREATE TABLE locks (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  ttl_seconds INTEGER NOT NULL,
  holder TEXT,
  metadata TEXT,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX locks_expire ON locks (expires_at);

CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  fence INTEGER NOT NULL,
  now INTEGER NOT NULL,
  event INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
  event INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_tenant ON outbox (tenant, event);

CREATE TABLE tenants (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE usage (
  tenant INTEGER NOT NULL,
  month INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant, month, kind)
) STRICT, WITHOUT ROWID;
