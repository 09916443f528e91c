-- Why the last attempt to migrate a tenant's database failed; null when it did not.
ALTER TABLE tenants ADD COLUMN migration_error text;
ALTER TABLE tenants ADD COLUMN migration_attempted_at timestamptz;
