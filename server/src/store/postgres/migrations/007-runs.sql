-- What a run holds is gone through in the order of its keys, step by step.

DROP INDEX claims_run;
CREATE INDEX claims_run ON claims (tenant, run, key) WHERE run IS NOT NULL AND state = 0;
