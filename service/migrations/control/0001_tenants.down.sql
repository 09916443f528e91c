DROP TABLE tenant_template;
DROP TABLE tenant_configs;
DROP TABLE tenants;
