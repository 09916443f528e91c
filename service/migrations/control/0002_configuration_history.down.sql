DROP TABLE tenant_config_changes;
DROP FUNCTION refuse_to_rewrite_history;
ALTER TABLE tenant_configs DROP COLUMN version;
