-- The keys of a group must not be worked on at the same time. A group says which key has it, and what was completed in it.

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

CREATE TYPE group_row AS (
  tenant integer,
  key text COLLATE "C",
  forget_at bigint,
  record text
);
