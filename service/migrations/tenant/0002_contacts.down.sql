DROP TABLE contacts;
DROP EXTENSION pg_trgm;
