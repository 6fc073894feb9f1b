-- Each server counts usage in a row of its own, and the rows are added up when they are read. If all servers wrote the same row, it
-- would be locked until each commit, and they would wait for each other. After 64 servers the numbers of the rows are used again. Two
-- servers with the same number wait for each other, but count correctly.

ALTER TABLE usage ADD COLUMN server smallint NOT NULL DEFAULT 0;
ALTER TABLE usage DROP CONSTRAINT usage_pkey, ADD PRIMARY KEY (tenant, month, kind, server);
CREATE SEQUENCE servers MINVALUE 0 MAXVALUE 63 CYCLE;
