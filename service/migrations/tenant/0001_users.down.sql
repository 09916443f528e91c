DROP TABLE sessions;
DROP TABLE users;
DROP COLLATION chainbook_text;
