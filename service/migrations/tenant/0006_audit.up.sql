-- Who did what. `content` is JSON as it was written, and the one truth: the columns after it are read from it.
-- An entry that was pruned keeps its place in the chain, and nothing of its content.
CREATE TABLE audit_entries (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('authentication', 'authorisation', 'data', 'system')),
    content text COLLATE "C",
    digest bytea NOT NULL,
    hash bytea NOT NULL,
    action text COLLATE "C" GENERATED ALWAYS AS (content::jsonb ->> 'action') STORED,
    actor_id text COLLATE "C" GENERATED ALWAYS AS (content::jsonb -> 'actor' ->> 'user_id') STORED,
    subject_type text COLLATE "C" GENERATED ALWAYS AS (content::jsonb -> 'subject' ->> 'type') STORED,
    subject_id text COLLATE "C" GENERATED ALWAYS AS (content::jsonb -> 'subject' ->> 'id') STORED
);

CREATE INDEX idx_audit_entries_actor ON audit_entries (actor_id, seq);
CREATE INDEX idx_audit_entries_subject ON audit_entries (subject_id, seq);
CREATE INDEX idx_audit_entries_at ON audit_entries USING brin (at);

-- Entries as transactions leave them, soon to be links of the chain: a head that every transaction held until
-- its COMMIT would make writers wait for each other.
CREATE TABLE audit_pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    content text COLLATE "C" NOT NULL
);

-- The last link. Only who seals holds this row.
CREATE TABLE audit_head (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    seq bigint NOT NULL,
    hash bytea NOT NULL
);

INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Moves up to `most` pending entries into the chain; how many they were. domain/audit.py says in Python what the
-- hash is of: the two must agree.
CREATE FUNCTION seal_audit_entries(most integer) RETURNS integer LANGUAGE plpgsql SET chainbook.sealing = 'on' AS $$
DECLARE
    head audit_head;
    waiting audit_pending;
    content_digest bytea;
    sealed bigint[] := '{}';
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    FOR waiting IN SELECT * FROM audit_pending ORDER BY id LIMIT most LOOP
        content_digest := sha256(convert_to(waiting.content, 'UTF8'));
        head.seq := head.seq + 1;
        head.hash := sha256(
            head.hash || int8send(head.seq) || int8send((extract(epoch FROM waiting.at) * 1000000)::bigint)
            || convert_to(waiting.kind, 'UTF8') || content_digest
        );
        INSERT INTO audit_entries (seq, at, kind, content, digest, hash)
        VALUES (head.seq, waiting.at, waiting.kind, waiting.content, content_digest, head.hash);
        sealed := sealed || waiting.id;
    END LOOP;
    -- By id: what was committed meanwhile may have a lower one.
    DELETE FROM audit_pending WHERE id = ANY (sealed);
    UPDATE audit_head SET seq = head.seq, hash = head.hash;
    RETURN cardinality(sealed);
END
$$;

-- Against mistakes; the chain is against malice. Pruning takes the content first, and only then the row.
CREATE FUNCTION refuse_to_rewrite_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('chainbook.pruning', true) = 'on' THEN
        IF TG_OP = 'DELETE' AND OLD.content IS NULL THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.content IS NULL
            AND (NEW.seq, NEW.at, NEW.kind, NEW.digest, NEW.hash)
                = (OLD.seq, OLD.at, OLD.kind, OLD.digest, OLD.hash) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_audit();

CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_audit();

CREATE FUNCTION refuse_to_rewrite_pending_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('chainbook.sealing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_pending
FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_pending_audit();
