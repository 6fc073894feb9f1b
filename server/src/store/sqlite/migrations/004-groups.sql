-- The keys of a group must not be worked on at the same time. A group says which key has it, and what was completed in it.

ALTER TABLE claims ADD COLUMN group_name TEXT;
ALTER TABLE claims ADD COLUMN sequence TEXT;

CREATE TABLE groups (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  forget_at INTEGER NOT NULL,
  record TEXT NOT NULL, -- JSON
  PRIMARY KEY (tenant, key)
) WITHOUT ROWID;

CREATE INDEX groups_forget ON groups (forget_at);
