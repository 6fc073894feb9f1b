-- Keys whose run may not be taken over and that were not finished: among them are those that wait for a person.

CREATE INDEX claims_asking ON claims (tenant, key) WHERE state = 0 AND on_expired = 1;
