-- Rows are kept small: tenants are numbers, states and types are the codes of `codes.ts`, and a lease id has 16 bytes. The column
-- `result` is the last one, so that a scan does not read the further pages that a long result takes.

CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  fence INTEGER NOT NULL,
  now INTEGER NOT NULL,
  event INTEGER NOT NULL
) STRICT;
INSERT INTO meta (one, fence, now, event) VALUES (1, 0, 0, 0);

CREATE TABLE tenants (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

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
  result TEXT,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_forget ON claims (forget_at);
CREATE INDEX claims_run ON claims (tenant, run) WHERE run IS NOT NULL AND state = 0;

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

CREATE TABLE usage (
  tenant INTEGER NOT NULL,
  month INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant, month, kind)
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
  by TEXT,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_days (
  tenant INTEGER NOT NULL,
  day INTEGER NOT NULL,
  type INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, type)
) STRICT, WITHOUT ROWID;
