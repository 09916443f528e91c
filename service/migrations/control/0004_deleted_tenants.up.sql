-- What a tenant has configured goes with it, though the row that names it stays.
CREATE OR REPLACE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        AND NOT EXISTS (SELECT FROM tenants WHERE id = OLD.tenant_id AND status NOT IN ('deleting', 'deleted'))
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$;
