-- Keys that must not be worked on at the same time: which of them has the group, and what is completed in it.

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
