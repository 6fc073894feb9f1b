-- Rows are sent in types of their own, so that a server can go on writing rows of its version after a newer server has added columns
-- to the tables. A migration that adds a column creates a new type and keeps the old one.

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
CREATE TYPE lock_row AS (
  tenant integer,
  key text COLLATE "C",
  expires_at bigint,
  first_seen_at bigint,
  ttl_seconds integer,
  holder text,
  metadata text
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
