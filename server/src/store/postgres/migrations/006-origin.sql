-- Where the run is, for people: JSON.

ALTER TABLE claims ADD COLUMN origin text;
ALTER TABLE events ADD COLUMN origin text;
ALTER TABLE deliveries ADD COLUMN origin text;
