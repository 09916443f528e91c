-- Nobody waits long for this: readers never, writers while the indexes are built (seconds for 100 000 contacts). The
-- words are an index, not a column, because a stored column would write the table anew, with everybody shut out.
SET LOCAL lock_timeout = '10s';

CREATE EXTENSION IF NOT EXISTS unaccent;

-- Lower case, no accents, nothing between the words that would make them an address or a number of something.
CREATE FUNCTION chainbook_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN unaccent(
    'unaccent'::regdictionary,
    lower(translate($1, $$@._-/\+:;,'"()[]{}<>&|!*#=?$$, repeat(' ', 27)) COLLATE chainbook_text)
);

CREATE FUNCTION contact_words(first_name text, last_name text, email text, labels text[], address text)
RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 200
RETURN setweight(to_tsvector('simple', chainbook_words(first_name || ' ' || last_name)), 'A')
    || setweight(to_tsvector('simple', chainbook_words(email)), 'B')
    || setweight(to_tsvector('simple', chainbook_words(array_to_string(labels, ' '))), 'C')
    || setweight(to_tsvector('simple', chainbook_words(address)), 'D');

-- Every word, each as the beginning of one; NULL when there is none.
CREATE FUNCTION words_asked(text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    replace(nullif(plainto_tsquery('simple', chainbook_words($1))::text, ''), ''' & ', ''':* & ') || ':*'
)::tsquery;

CREATE INDEX idx_contacts_words ON contacts
USING gin (contact_words(first_name, last_name, email, labels, address)) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_phone_digits ON contacts
USING gin (regexp_replace(phone, '[^0-9]', '', 'g') gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_labels ON contacts USING gin (labels);
CREATE INDEX idx_contacts_email_order ON contacts (lower(email), email COLLATE "C", id)
WHERE deleted_at IS NULL;
