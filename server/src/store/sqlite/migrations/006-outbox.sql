-- Events for which deliveries to hooks must still be made. An event is added in the transaction that writes it, and removed in
-- the one that writes its deliveries. So a hundred hooks that want each of many events do not make claims wait.

CREATE TABLE outbox (
  event INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_tenant ON outbox (tenant, event);
