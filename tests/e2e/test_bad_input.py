"""Whatever a client sends: an answer that says what is wrong, never a 5xx, nothing half stored."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b'{"last_name": "King"',
    b'{"last_name": NaN}',
    b'{"last_name": "a\\u0000b"}',
    b'{"last_name": "\\ud800"}',
    b'{"last_name": "King", "last_name": "Kong"}',
    b'{"last_name": "King", "metadata": {"n": 1e400}}',
    b'{"last_name": "King", "metadata": {"n": ' + b"9" * 4301 + b"}}",
    b'{"last_name": "King", "metadata": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
    b'{"last_name": "King", "metadata": {"\\u0000": 1}}',
    b'{"last_name": "King", "email": "a\\nb@example.com"}',
    b'{"last_name": "King", "labels": "no list"}',
    b'{"last_name": "King", "labels": [null]}',
    b'{"last_name": "King", "metadata": [1]}',
    b'{"last_name": ' + b'"' + b"x" * 5000 + b'"}',
    b'{"last_name": {"nested": true}}',
    b'{"last_name": "\xff\xfe"}',
    '{"last_name": "King"}'.encode("utf-16"),
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
]


async def count(client):
    return (await client.ask("GET", "/api/v2/contacts")).body["pagination"]["total"]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:40]))
async def test_a_body_that_can_not_be_stored_is_refused(user, body):
    for path in ("/api/v2/contacts", "/api/address-book"):
        answer = await user.ask("POST", path, body, Content_Type="application/json")
        assert answer.status == 400
        assert answer.body["code"] in {"request.malformed", "request.invalid"}
        assert answer.body["message"]
    assert await count(user) == 0


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense", ""]
)
async def test_a_body_of_another_kind_is_refused(user, content_type):
    answer = await user.ask("POST", "/api/v2/contacts", b'{"last_name": "King"}', Content_Type=content_type)
    assert (answer.status, answer.body["code"]) == (415, "request.media_type_unsupported")


@pytest.mark.parametrize("field", ["username_or_email", "password", "tenant_id"])
@pytest.mark.parametrize("value", [None, 5, [], {}, "", " ", True])
async def test_a_login_without_one_of_its_parts_names_it(anonymous, field, value):
    typed = {"username_or_email": "user", "password": "secret", "tenant_id": "x"} | {field: value}
    for path in ("/api/auth/login", "/api/v2/auth/login"):
        answer = await anonymous.ask("POST", path, typed)
        assert answer.status == 400
        assert set(answer.body["errors"]) == {field}


@pytest.mark.parametrize(
    "tenant", ["../etc", "a" * 5000, "x'; DROP TABLE tenants", "é", "018cc251-f400-7000-8000-000000000001"]
)
async def test_a_tenant_that_is_none_is_not_found(anonymous, tenant):
    answer = await anonymous.ask(
        "POST", "/api/v2/auth/login", {"username_or_email": "u", "password": "p", "tenant_id": tenant}
    )
    assert (answer.status, answer.body["code"]) == (404, "tenants.not_found")


async def test_a_password_of_any_length_is_only_wrong(anonymous, tenant):
    for password in ("x" * 73, "é" * 40, "x" * 100_000):
        typed = {"username_or_email": "user", "password": password, "tenant_id": tenant}
        assert (await anonymous.ask("POST", "/api/auth/login", typed)).status == 401


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=8), parts, max_size=4),
    max_leaves=8,
)
FIELDS = [
    "name",
    "gender",
    "age",
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "labels",
    "metadata",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(FIELDS), json_values))
async def test_any_json_is_stored_or_refused(user, body):
    for path in ("/api/v2/contacts", "/api/address-book"):
        assert (await user.ask("POST", path, body)).status in {201, 400, 409}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "page",
                "per_page",
                "limit",
                "sort",
                "search",
                "name",
                "age",
                "cursor",
                "page_size",
                "page_num",
            ]
        ),
        st.text(max_size=12) | st.integers().map(str),
        max_size=4,
    )
)
async def test_any_query_is_answered_or_refused(user, query):
    for path in ("/api/v2/contacts", "/api/address-book", "/api/address-book/filter"):
        async with user.session.get(user.url + path, params=query, headers=user.headers) as answer:
            assert answer.status in {200, 400}
