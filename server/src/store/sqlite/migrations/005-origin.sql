-- Where the run is, for people: JSON.

ALTER TABLE claims ADD COLUMN origin TEXT;
ALTER TABLE events ADD COLUMN origin TEXT;
ALTER TABLE deliveries ADD COLUMN origin TEXT;
