-- What lower() and the order of texts go by, whatever the server's own locale: the ICU root collation where the
-- server has it, else Unicode letters in the order of their code points.
DO $$
BEGIN
    EXECUTE (
        SELECT format('CREATE COLLATION chainbook_text FROM pg_catalog.%I', collname)
        FROM pg_collation
        JOIN unnest(ARRAY['und-x-icu', 'pg_unicode_fast', 'pg_c_utf8', 'C.utf8', 'C.UTF-8', 'C'])
            WITH ORDINALITY AS wanted (name, rank) ON collname = wanted.name
        WHERE collnamespace = 'pg_catalog'::regnamespace
            AND collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
        ORDER BY rank
        LIMIT 1
    );
END
$$;

CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text COLLATE chainbook_text NOT NULL,
    email text COLLATE chainbook_text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('system_admin', 'tenant_admin', 'user', 'read_only')),
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX idx_users_username ON users (lower(username));
CREATE UNIQUE INDEX idx_users_email ON users (lower(email)) WHERE email <> '';
CREATE INDEX idx_users_active ON users (active) WHERE active;

-- A token carries the id of its session, so the primary key is the index that verifies tokens.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_sessions_expires ON sessions (expires_at);
