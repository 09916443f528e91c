CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE contacts (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    first_name text COLLATE chainbook_text NOT NULL DEFAULT '',
    last_name text COLLATE chainbook_text NOT NULL DEFAULT '',
    email text COLLATE chainbook_text NOT NULL DEFAULT '',
    phone text COLLATE chainbook_text NOT NULL DEFAULT '',
    phone_e164 text,
    address text COLLATE chainbook_text NOT NULL DEFAULT '',
    labels text[] NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    identity_key text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    search_text text COLLATE chainbook_text GENERATED ALWAYS AS (
        lower(
            btrim(first_name || ' ' || last_name) || E'\n' || email || E'\n' || phone || E'\n' || address
        )
    ) STORED
);

CREATE UNIQUE INDEX idx_contacts_identity ON contacts (identity_key) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_user_id ON contacts (user_id);
CREATE INDEX idx_contacts_email ON contacts (email, id) WHERE deleted_at IS NULL AND email <> '';
CREATE INDEX idx_contacts_name ON contacts (first_name, last_name);
CREATE INDEX idx_contacts_first_name ON contacts (lower(first_name), first_name COLLATE "C", id)
WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_last_name ON contacts (lower(last_name), last_name COLLATE "C", id)
WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_created_at ON contacts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_metadata_gin ON contacts USING gin (metadata);
CREATE INDEX idx_contacts_search ON contacts USING gin (search_text gin_trgm_ops);
