CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    slug text NOT NULL CHECK (slug ~ '^[A-Za-z0-9_-]{1,36}$'),
    tenant_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('provisioning', 'active', 'suspended', 'deleting', 'deleted')),
    database_name text NOT NULL UNIQUE,
    -- What migrate last brought the tenant's database to; the truth is the table schema_versions in there.
    schema_version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX idx_tenants_slug ON tenants (lower(slug));

CREATE TABLE tenant_configs (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL UNIQUE REFERENCES tenants (id) ON DELETE CASCADE,
    configuration jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- One row: the version of the database that new tenants are copied from.
CREATE TABLE tenant_template (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    schema_version integer NOT NULL
);

INSERT INTO tenant_template (schema_version) VALUES (0);
