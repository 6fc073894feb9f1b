-- Each death is reported once, events are found by their type, and events are delivered to hooks. The index `claims_died` contains
-- only leases that are held. The index `events_seldom` leaves out the frequent types claimed, duplicate and completed, which are
-- found quickly without it.

ALTER TABLE claims ADD COLUMN death_reported INTEGER NOT NULL DEFAULT 0;
CREATE INDEX claims_died ON claims (expires_at) WHERE state = 0 AND death_reported = 0;

ALTER TABLE events ADD COLUMN first_seen_at INTEGER;
CREATE INDEX events_seldom ON events (tenant, type, id) WHERE type IN (2, 4, 5, 6, 7, 8, 9);

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
CREATE INDEX hooks_tenant ON hooks (tenant) WHERE removed_at IS NULL;
CREATE INDEX hooks_creator ON hooks (created_by);
CREATE INDEX hooks_waiting ON hooks (number)
  WHERE waiting > 0 AND disabled_at IS NULL AND removed_at IS NULL;

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
  error TEXT,
  PRIMARY KEY (hook, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (hook, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (hook, key, event) WHERE state = 0;
