"""Every forged token is refused in one wording, over HTTP, and leaves its reason in the security log."""

from contextlib import suppress

import jwt
import pytest
from http_client import PASSWORD, open_world, raw_connection, serve
from structlog.testing import capture_logs
from token_attacks import ATTACKS, Forge, make_keys

from service.adapters.tokens import make_ring

WORDING = "Invalid token, please login again"


@pytest.fixture(scope="module")
def keys():
    return make_keys()


@pytest.fixture(scope="module")
async def client(servers, keys):
    ring = make_ring(keys)
    async with (
        open_world(servers.database_url, servers.redis_url, keys=lambda: ring) as world,
        serve(world) as client,
    ):
        yield client


@pytest.fixture(scope="module")
async def house(make_tenant):
    return await make_tenant()


@pytest.fixture(scope="module")
async def forge(client, house, make_tenant, keys):
    user = await client.log_in(house)
    return Forge(user.headers["Authorization"].removeprefix("Bearer "), keys, await make_tenant())


def events_of(logs):
    return [log["reason"] for log in logs if log["event"] == "security.refused"]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("kid", ["ed", "rsa", "hs"])
async def test_what_each_of_our_keys_signs_is_accepted(client, forge, kid, version):
    algorithm = {"ed": "EdDSA", "rsa": "RS256", "hs": "HS256"}[kid]
    token = forge.signed({"alg": algorithm, "typ": "JWT", "kid": kid}, forge.payload, kid)
    assert (await client.bearing(token).ask("GET", f"/api/v{version}/auth/me")).status == 200


@pytest.mark.parametrize(("reason", "attack"), [pytest.param(*row, id=name) for name, *row in ATTACKS])
async def test_a_forged_token_is_refused(client, forge, reason, attack):
    with capture_logs() as logs:
        answer = await client.bearing(attack(forge)).ask("GET", "/api/v2/auth/me")
    assert (answer.status, answer.body["code"], answer.body["detail"]) == (
        401,
        "auth.token_invalid",
        WORDING,
    )
    assert events_of(logs) == [reason]


HEAD = "GET /api/v2/auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


async def sent_raw(client, *lines):
    async with raw_connection(client) as (reader, writer):
        writer.write((HEAD + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode())
        return (await reader.read()).split(b"\r\n", 1)[0]


@pytest.mark.parametrize("second", ["valid", "Bearer x", ""])
async def test_two_authorization_headers_are_refused_though_both_be_valid(client, forge, second):
    valid = f"Authorization: Bearer {forge.token}"
    with capture_logs() as logs:
        status = await sent_raw(client, valid, valid if second == "valid" else f"authorization: {second}")
    assert status == b"HTTP/1.1 401 Unauthorized"
    assert events_of(logs) == ["header_repeated"]


@pytest.mark.parametrize("size", [9_000, 2**20])
async def test_a_header_larger_than_the_server_reads_is_never_a_request(client, forge, size):
    """Cut off while it is sent: who is still sending may not read why."""
    answer = b""
    with suppress(ConnectionError):
        answer = await sent_raw(client, f"Authorization: Bearer {'x' * size}")
    assert answer.partition(b" ")[2] in {b"400 Bad Request", b""}
    assert (await client.bearing(forge.token).ask("GET", "/api/v2/auth/me")).status == 200


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer:", ""])
async def test_another_scheme_is_refused(client, forge, scheme):
    answer = await client.ask("GET", "/api/v2/auth/me", Authorization=f"{scheme} {forge.token}".strip())
    assert (answer.status, answer.body["detail"]) == (401, WORDING)


async def test_a_token_in_the_address_is_passed_over(client, forge):
    answer = await client.ask("GET", f"/api/v2/auth/me?access_token={forge.token}&token={forge.token}")
    assert (answer.status, answer.body["detail"]) == (401, WORDING)


async def test_a_refresh_token_is_no_bearer_token(client, house):
    typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": house}
    data = (await client.ask("POST", "/api/v2/auth/login", typed)).body["data"]
    assert (await client.bearing(data["refresh_token"]).ask("GET", "/api/v2/auth/me")).status == 401


async def test_public_keys_are_shown_and_secrets_are_not(client):
    answer = await client.ask("GET", "/.well-known/jwks.json")
    assert answer.headers["Content-Type"].startswith("application/jwk-set+json")
    shown = {key["kid"]: sorted(key) for key in answer.body["keys"]}
    assert shown == {
        "ed": ["alg", "crv", "kid", "kty", "use", "x"],
        "rsa": ["alg", "e", "kid", "kty", "n", "use"],
    }


async def test_what_is_shown_verifies_our_tokens_for_others(client, forge):
    shown = jwt.PyJWKSet.from_dict((await client.ask("GET", "/.well-known/jwks.json")).body)
    claims = jwt.decode(
        forge.token, shown["ed"], algorithms=["EdDSA"], audience="chainbook", issuer="chainbook"
    )
    assert claims == forge.payload
