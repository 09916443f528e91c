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

-- The last entry. Whoever adds one holds this row until their transaction ends, so it is their last statement.
CREATE TABLE audit_head (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    seq bigint NOT NULL,
    hash bytea NOT NULL
);

INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- domain/audit.py says the same in Python: the two must agree.
CREATE FUNCTION append_audit_entries(entry_at timestamptz, kinds text[], contents text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    head audit_head;
    content_digest bytea;
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    FOR i IN 1 .. cardinality(kinds) LOOP
        content_digest := sha256(convert_to(contents[i], 'UTF8'));
        head.seq := head.seq + 1;
        head.hash := sha256(
            head.hash || int8send(head.seq) || int8send((extract(epoch FROM entry_at) * 1000000)::bigint)
            || convert_to(kinds[i], 'UTF8') || content_digest
        );
        INSERT INTO audit_entries (seq, at, kind, content, digest, hash)
        VALUES (head.seq, entry_at, kinds[i], contents[i], content_digest, head.hash);
    END LOOP;
    UPDATE audit_head SET seq = head.seq, hash = head.hash;
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
