"""A walk over every route. Whom each lets in is in tests/e2e/test_permission_matrix.py."""

import pytest

from service.web.app import ROUTES
from service.web.routes import endpoints

NOBODY = "018cc251-f400-7000-8000-00000000ffff"

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
    ("POST", "/api/auth/signup"),
    ("POST", "/api/v1/auth/signup"),
    ("POST", "/api/v2/auth/signup"),
    ("POST", "/api/auth/verify"),
    ("POST", "/api/v2/auth/verify"),
    ("POST", "/api/auth/password/forgot"),
    ("POST", "/api/v2/auth/password/forgot"),
    ("POST", "/api/auth/password/reset"),
    ("POST", "/api/v2/auth/password/reset"),
    ("POST", "/api/auth/invitations/accept"),
    ("POST", "/api/v2/auth/invitations/accept"),
    ("GET", "/.well-known/jwks.json"),
}

OPERATIONS = [
    (route.version, method, path, route.is_public)
    for method, path, endpoint in endpoints(ROUTES)
    for route in endpoint.routes
]
PRIVATE = [operation[:3] for operation in OPERATIONS if not operation[3]]


async def call(client, version, method, path, **headers):
    headers = {"Accept_Version": f"v{version}"} | headers
    found = path.replace("{id}", "1" if version == 1 else NOBODY)
    return await client.ask(method, found, None if method in {"GET", "DELETE"} else {}, **headers)


def test_what_is_public_is_known():
    assert {(method, path) for _, method, path, is_public in OPERATIONS if is_public} == PUBLIC


@pytest.mark.parametrize(("version", "method", "path"), PRIVATE)
async def test_a_private_route_refuses_the_header_of_another_tenant(user, version, method, path):
    answer = await call(user, version, method, path, X_Tenant_ID="blue")
    assert (answer.status, answer.body["code"]) == (403, "auth.tenant_mismatch")


@pytest.mark.parametrize(("version", "method", "path"), [c for c in PRIVATE if c[1] == "GET"])
async def test_head_answers_as_get_without_a_body(reader, version, method, path):
    get, head = [await call(reader, version, name, path) for name in ("GET", "HEAD")]
    assert (head.status, head.raw) == (get.status, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
