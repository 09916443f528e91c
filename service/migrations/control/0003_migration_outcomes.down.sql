ALTER TABLE tenants DROP COLUMN migration_attempted_at;
ALTER TABLE tenants DROP COLUMN migration_error;
