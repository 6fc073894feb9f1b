-- Finds the keys that wait for a person: they are among the unfinished keys whose run must not be taken over.

CREATE INDEX claims_asking ON claims (tenant, key) WHERE state = 0 AND on_expired = 1;
