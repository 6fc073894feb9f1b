-- The keys that a run holds are read in their order, in steps.

DROP INDEX claims_run;
CREATE INDEX claims_run ON claims (tenant, run, key) WHERE run IS NOT NULL AND state = 0;
