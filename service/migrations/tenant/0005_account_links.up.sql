-- Hashes only. `bound_to` is of what the account was when the link was made: a changed account has no links.
-- An invitation is of the user who invites; `email` and `role` are what it gives.
CREATE TABLE account_links (
    token_hash bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('verify', 'reset', 'invitation')),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    bound_to bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    email text NOT NULL DEFAULT '',
    role text NOT NULL DEFAULT ''
);

CREATE INDEX idx_account_links_user_id ON account_links (user_id, purpose, expires_at);
