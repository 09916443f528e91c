"""A walk over every route: whom it lets in, and whom not."""

import msgspec
import pytest

from service.web.app import ROUTES
from service.web.routes import endpoints

NOBODY = "018cc251-f400-7000-8000-00000000ffff"
PERSON_V1 = {"name": "Ada", "gender": False, "age": 1, "address": "", "phone": "", "email": ""}
PERSON_V2 = {"last_name": "King"}

USERS = {
    "users": {"username": "eve", "email": "eve@example.com", "password": "correct horse battery staple"},
    "{id}": {"active": True},
    "roles": {"role": "user"},
    "unlock": {},
}

PUBLIC = {
    ("GET", "/api/ping"),
    ("GET", "/api/v1/ping"),
    ("GET", "/api/v2/ping"),
    ("GET", "/health"),
    ("GET", "/readyz"),
    ("GET", "/livez"),
    ("GET", "/api/health"),
    ("GET", "/api/health/status"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/health/status"),
    ("GET", "/api/v2/health"),
    ("GET", "/api/v2/health/status"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v2/auth/login"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/v2/auth/refresh"),
    ("POST", "/api/auth/refresh-token"),
    ("POST", "/api/v1/auth/refresh-token"),
    ("GET", "/.well-known/jwks.json"),
}

OPERATIONS = [
    (route.version, method, path, route.is_public)
    for method, path, endpoint in endpoints(ROUTES)
    for route in endpoint.routes
]
PRIVATE = [operation[:3] for operation in OPERATIONS if not operation[3]]
WRITES = [call for call in PRIVATE if call[1] != "GET" and "/auth/" not in call[2]]


def body_for(version, path):
    if path.endswith(("/tenants", "/tenants/{id}")):
        return {"slug": "mine"} if path.endswith("/tenants") else {"tenant_name": "Mine"}
    if "/users" in path:
        return USERS[path.rpartition("/")[2]]
    return PERSON_V1 if version == 1 else PERSON_V2


async def call(client, version, method, path, **headers):
    """With a body that would do, so that only the caller is in question."""
    body = None if method in {"GET", "DELETE"} else body_for(version, path)
    headers = {"Accept_Version": f"v{version}"} | headers
    return await client.ask(method, path.replace("{id}", "1" if version == 1 else NOBODY), body, **headers)


def test_what_is_public_is_known():
    assert {(method, path) for _, method, path, is_public in OPERATIONS if is_public} == PUBLIC


@pytest.mark.parametrize(("version", "method", "path"), PRIVATE)
async def test_a_private_route_refuses_the_anonymous(anonymous, version, method, path):
    answer = await call(anonymous, version, method, path)
    assert (answer.status, answer.body["code"]) == (401, "auth.token_invalid")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("version", "method", "path"), PRIVATE)
async def test_a_private_route_refuses_the_header_of_another_tenant(user, version, method, path):
    answer = await call(user, version, method, path, X_Tenant_ID="blue")
    assert (answer.status, answer.body["code"]) == (403, "auth.tenant_mismatch")


@pytest.mark.parametrize(("version", "method", "path"), WRITES)
async def test_a_write_refuses_those_who_only_read(reader, version, method, path):
    answer = await call(reader, version, method, path)
    assert (answer.status, answer.body["code"]) == (403, "auth.permission_denied")


@pytest.mark.parametrize(("version", "method", "path"), [c for c in PRIVATE if "/auth/" not in c[2]])
async def test_a_role_that_is_not_known_may_do_nothing(world, anonymous, user, version, method, path):
    claims = world.tokens.signed[user.headers["Authorization"].removeprefix("Bearer ")]
    emperor = anonymous.bearing(world.tokens.sign(msgspec.structs.replace(claims, role="emperor")))
    answer = await call(emperor, version, method, path)
    assert (answer.status, answer.body["code"]) == (403, "auth.permission_denied")


@pytest.mark.parametrize(("version", "method", "path"), [c for c in PRIVATE if c[1] == "GET"])
async def test_head_answers_as_get_without_a_body(reader, version, method, path):
    get, head = [await call(reader, version, name, path) for name in ("GET", "HEAD")]
    assert (head.status, head.raw) == (get.status, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
