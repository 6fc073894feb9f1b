-- The column `origin` tells people where the run is, as JSON.

ALTER TABLE claims ADD COLUMN origin text;
ALTER TABLE events ADD COLUMN origin text;
ALTER TABLE deliveries ADD COLUMN origin text;
