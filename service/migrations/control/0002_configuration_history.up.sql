ALTER TABLE tenant_configs ADD COLUMN version integer NOT NULL DEFAULT 0 CHECK (version >= 0);

CREATE TABLE tenant_config_changes (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version integer NOT NULL CHECK (version > 0),
    transition text NOT NULL,
    -- [{"path", "old", "new"}]; null is "not set".
    differences jsonb NOT NULL,
    -- The whole configuration after the change, in some rows only: earlier versions are replayed from the nearest.
    snapshot jsonb,
    -- Of whoever changed it; all null for the operator at the command line.
    author_tenant_id uuid,
    author_id uuid,
    author_name text,
    request_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

-- What happened stays as it was written, as long as there is the tenant.
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM tenants WHERE id = OLD.tenant_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tenant_config_changes
FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_history();
