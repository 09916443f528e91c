-- Fifty users and their contacts, the same on every machine. Prime factors spread the numbers, so that
-- neighbours have nothing in common. Every tenth user is not active, the last five have no contacts; every twentieth
-- contact has no owner, every fiftieth is deleted.
INSERT INTO users (id, username, email, password_hash, role, active, created_at, updated_at)
SELECT
    format('01900000-0000-7000-9000-%s', lpad(to_hex(n), 12, '0'))::uuid,
    'user' || n, format('user%s@example.org', n), '', 'user', n % 10 <> 0, '2024-01-01Z', '2024-01-01Z'
FROM generate_series(1, 50) AS n;

INSERT INTO contacts (
    id, user_id, first_name, last_name, email, phone, phone_e164, address, labels, metadata, identity_key,
    created_at, updated_at, deleted_at
)
SELECT
    format('01900000-0000-7000-8000-%s', lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n % 20 <> 0
        THEN format('01900000-0000-7000-9000-%s', lpad(to_hex(n * 7919 % 45 + 1), 12, '0'))::uuid
    END,
    first_name, last_name, email, format('+49 %s-%s', prefix, subscriber),
    CASE WHEN n % 3 <> 0 THEN format('+49%s%s', prefix, subscriber) END,
    format(E'%s %s Street\n%s', n * 13 % 200 + 1, parts[n * 31 % 20 + 1], parts[n * 37 % 20 + 1]),
    ARRAY[(ARRAY['family', 'work', 'club', 'school'])[n % 4 + 1], 'batch' || n % 500],
    jsonb_build_object('gender', n % 2 = 0, 'age', n * 7 % 90, 'city', parts[n * 41 % 20 + 1]),
    email,
    '2024-01-01Z'::timestamptz + n * interval '5 minutes',
    '2024-01-01Z'::timestamptz + n * interval '7 minutes',
    CASE WHEN n % 50 = 0 THEN '2026-01-01Z'::timestamptz END
FROM generate_series(1, /* contacts */ 100000) AS n,
    string_to_array('al be cor dan el fré gar hü il jo ka lor mi nö os pe quin ro sal tor', ' ') AS parts,
    LATERAL (
        SELECT
            initcap(parts[n * 11 % 20 + 1] || parts[n / 20 % 20 + 1]),
            initcap(
                parts[n * 17 % 20 + 1] || parts[n / 400 % 20 + 1] || parts[n * 3 % 20 + 1] || parts[n / 7 % 20 + 1]
            ),
            150 + n % 30,
            lpad((n * 7919::bigint % 10000000)::text, 7, '0')
    ) AS made (first_name, last_name, prefix, subscriber),
    LATERAL (SELECT format('%s.%s%s@example.org', left(first_name, 3), last_name, n)) AS addresses (email);
