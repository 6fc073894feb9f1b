-- Usage by server, added up when it is read: a counter that all servers wrote was locked until each commit, and one tenant's
-- servers waited for each other. A server's number comes back after 64 others; two that share one wait, and count right.

ALTER TABLE usage ADD COLUMN server smallint NOT NULL DEFAULT 0;
ALTER TABLE usage DROP CONSTRAINT usage_pkey, ADD PRIMARY KEY (tenant, month, kind, server);
CREATE SEQUENCE servers MINVALUE 0 MAXVALUE 63 CYCLE;
