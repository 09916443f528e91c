-- Only additions with defaults: a service that does not know them goes on working beside one that does.
ALTER TABLE sessions
ADD COLUMN user_agent text NOT NULL DEFAULT '',
ADD COLUMN address text NOT NULL DEFAULT '',
ADD COLUMN last_used_at timestamptz;

-- Hashes only. A used token stays until it would have expired: presented again, it ends its session.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    uses integer NOT NULL DEFAULT 0
);

CREATE INDEX idx_refresh_tokens_session_id ON refresh_tokens (session_id, expires_at);
