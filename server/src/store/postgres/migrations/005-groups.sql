-- Keys that must not be worked on at the same time: which of them has the group, and what is completed in it.

ALTER TABLE claims ADD COLUMN group_name text;
ALTER TABLE claims ADD COLUMN sequence text;

CREATE TABLE groups (
  tenant integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  forget_at bigint NOT NULL,
  record text NOT NULL, -- JSON
  PRIMARY KEY (tenant, key)
);

CREATE INDEX groups_forget ON groups (forget_at);

CREATE TYPE claim_row_in_group AS (
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
  sequence text
);
CREATE TYPE group_row AS (
  tenant integer,
  key text COLLATE "C",
  forget_at bigint,
  record text
);
