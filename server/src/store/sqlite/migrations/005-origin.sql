-- The column `origin` tells people where the run is, as JSON.

ALTER TABLE claims ADD COLUMN origin TEXT;
ALTER TABLE events ADD COLUMN origin TEXT;
ALTER TABLE deliveries ADD COLUMN origin TEXT;
