import asyncio
import json

import aiohttp
import msgspec
import pytest
from aiohttp import web
from http_client import PASSWORD, raw_connection, serve
from structlog.testing import capture_logs

from service.domain.errors import DatabaseUnavailable
from service.settings import Settings
from service.web import requests
from service.web.app import create_app
from service.web.middleware.failures import render_failures

LOGIN = {"username_or_email": "user", "password": PASSWORD, "tenant_id": "red"}


async def test_a_request_id_is_kept_when_it_is_a_sane_one(anonymous):
    answer = await anonymous.ask("GET", "/api/nothing", X_Request_ID="trace-1.a_b")
    assert answer.headers["X-Request-ID"] == answer.body["request_id"] == "trace-1.a_b"


@pytest.mark.parametrize("given", ["", "a b", 'x"y', "a" * 65, "é", "{}"])
async def test_another_request_id_is_replaced(anonymous, given):
    answer = await anonymous.ask("GET", "/api/ping", X_Request_ID=given)
    assert len(answer.headers["X-Request-ID"]) == 36


async def test_the_access_log_says_what_was_asked_and_by_whom_and_no_secret(user):
    with capture_logs() as lines:
        await user.ask("GET", "/api/v2/contacts?search=secret@example.com", X_Request_ID="one")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"], line["tenant"]) == (
        "GET",
        "/api/v2/contacts",
        200,
        "red",
    )
    assert line["duration_ms"] >= 0
    assert line["user"]
    assert "secret" not in str(line)
    assert "token" not in str(line)


async def test_the_access_log_does_not_repeat_an_unknown_path(anonymous):
    with capture_logs() as lines:
        await anonymous.ask("GET", "/api/secret@example.com")
    assert [line["route"] for line in lines if line["event"] == "request"] == ["unknown"]


async def test_browsers_are_told_to_take_answers_for_data(anonymous):
    answer = await anonymous.ask("GET", "/api/ping")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "aiohttp" not in answer.headers["Server"]


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:5173"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ping", 200),
        ("GET", "/api/v2/contacts", 401),
        ("GET", "/api/nothing", 404),
        ("PUT", "/api/ping", 405),
        ("POST", "/api/auth/login", 400),
    ],
)
async def test_pages_in_development_can_read_every_answer(anonymous, origin, method, path, status):
    answer = await anonymous.ask(method, path, Origin=origin)
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]


async def preflight(client, path, origin):
    return await client.ask("OPTIONS", path, Origin=origin, Access_Control_Request_Method="PATCH")


@pytest.mark.parametrize(
    "path", ["/api/auth/login", "/api/address-book/1", "/api/v2/contacts", "/api/nothing"]
)
async def test_a_preflight_is_answered_on_every_path(anonymous, path):
    answer = await preflight(anonymous, path, "http://localhost:5173")
    assert (answer.status, answer.raw) == (200, b"")
    assert {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} <= set(
        answer.headers["Access-Control-Allow-Methods"].split(", ")
    )
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "accept", "content-type", "x-tenant-id", "if-match"} <= set(allowed)
    assert answer.headers["Access-Control-Max-Age"] == "3600"


@pytest.mark.parametrize(
    "origin", ["http://localhost:3001", "https://localhost:3000", "null", "http://evil.example"]
)
async def test_a_preflight_from_elsewhere_is_refused_in_json(anonymous, origin):
    answer = await preflight(anonymous, "/api/auth/login", origin)
    assert (answer.status, answer.body["code"]) == (400, "cors.origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_production_allows_only_the_origins_it_names(world, tenants):
    settings = Settings(
        app_env="production", cors_allowed_origins=("https://app.example",), cors_allow_credentials=True
    )
    async with serve(world, settings) as client:
        assert (await preflight(client, "/api/ping", "http://localhost:3000")).status == 400
        answer = await preflight(client, "/api/ping", "https://app.example")
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"


async def test_a_star_allows_every_page_but_trusts_none_with_credentials(world, tenants):
    settings = Settings(cors_allowed_origins=("*",), cors_allow_credentials=True)
    async with serve(world, settings) as client:
        answer = await preflight(client, "/api/ping", "https://anywhere.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "https://anywhere.example"
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_body_in_another_encoding_is_refused_unread(anonymous):
    answer = await anonymous.ask("POST", "/api/auth/login", LOGIN, Content_Encoding="gzip")
    assert (answer.status, answer.body["code"]) == (415, "request.media_type_unsupported")


async def test_a_body_over_the_limit_is_refused(anonymous):
    answer = await anonymous.ask("POST", "/api/auth/login", LOGIN | {"more": "x" * requests.MAX_JSON_BYTES})
    assert (answer.status, answer.body["code"]) == (413, "request.too_large")


async def answer_of(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    length = next(int(line.split(":")[1]) for line in head if line.lower().startswith("content-length"))
    return int(head[0].split()[1]), json.loads(await reader.readexactly(length))


HEAD = b"POST /api/v2/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


async def test_a_body_that_comes_too_slowly_is_refused(anonymous, monkeypatch):
    monkeypatch.setattr(requests, "BODY_TIMEOUT_S", 0.1)
    async with raw_connection(anonymous) as (reader, writer):
        writer.write(HEAD + b'Content-Length: 100\r\n\r\n{"tenant')
        status, body = await answer_of(reader)
    assert (status, body["code"]) == (408, "request.too_slow")


async def test_a_body_over_the_limit_is_refused_while_it_comes_in_pieces(anonymous):
    async with raw_connection(anonymous) as (reader, writer):
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        writer.write((b"%x\r\n%s\r\n" % (65536, b" " * 65536)) * 17)
        status, body = await answer_of(reader)
    assert (status, body["code"]) == (413, "request.too_large")


async def test_broken_chunks_are_a_body_that_never_comes(anonymous, monkeypatch):
    monkeypatch.setattr(requests, "BODY_TIMEOUT_S", 0.2)
    async with raw_connection(anonymous) as (reader, writer):
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"nonsense\r\n")
        status, body = await answer_of(reader)
    assert (status, body["code"]) == (408, "request.too_slow")


@pytest.mark.parametrize("value", ["Basic dXNlcjp4", "Bearer", "Bearer ", "token-1", "Bearer nonsense", ""])
async def test_what_is_no_token_of_ours_is_refused(anonymous, value):
    answer = await anonymous.ask("GET", "/api/v2/auth/me", Authorization=value)
    assert (answer.status, answer.body["code"]) == (401, "auth.token_invalid")


async def test_a_tenant_header_may_agree_by_slug_or_id(user, tenants):
    for named in ("red", "RED", str(tenants[0].id)):
        assert (await user.ask("GET", "/api/v2/auth/me", X_Tenant_ID=named)).status == 200


async def test_two_tenant_headers_are_refused(user):
    async with raw_connection(user) as (reader, writer):
        token = user.headers["Authorization"]
        named = "X-Tenant-ID: red\r\n" * 2
        writer.write(
            f"GET /api/auth/me HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n{named}\r\n".encode()
        )
        status, body = await answer_of(reader)
    assert (status, list(body["errors"])) == (400, ["X-Tenant-ID"])


async def test_a_tenant_that_is_suspended_lets_nobody_in(world, user, tenants):
    world.catalogue.rows[tenants[0].id] = msgspec.structs.replace(tenants[0], status="suspended")
    assert (await user.ask("GET", "/api/v2/contacts")).status == 401


async def test_the_version_is_chosen_by_header_where_the_path_does_not(anonymous, user):
    assert "pagination" in (await user.ask("GET", "/api/contacts", Accept_Version="v2")).body
    assert (await user.ask("GET", "/api/contacts")).status == 404
    assert (await user.ask("GET", "/api/auth/me", Accept_Version="2")).body["data"]["email"]
    assert (await user.ask("GET", "/api/auth/me", Accept_Version="v9")).status == 404
    assert (await user.ask("GET", "/api/v1/auth/me", Accept_Version="v2")).body["message"] == "ok"


async def test_api_v2_answers_in_json_or_not_at_all(user):
    answer = await user.ask("GET", "/api/v2/contacts", Accept="text/html")
    assert (answer.status, answer.body["code"]) == (406, "request.not_acceptable")
    assert (await user.ask("GET", "/api/address-book", Accept="text/html")).status == 200


async def test_the_database_being_away_is_told_with_a_time_to_come_back(world, user):
    world.databases.is_down = True
    answer = await user.ask("GET", "/api/v2/contacts")
    assert (answer.status, answer.body["code"]) == (503, "database.unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    world.databases.is_down = False
    assert (await user.ask("GET", "/api/v2/contacts")).status == 200


async def test_the_unforeseen_tells_the_caller_nothing_but_its_id(world, user):
    async def explode(_query):
        raise RuntimeError("the password is swordfish")

    tenant = await world.catalogue.find("red")
    world.databases.data(tenant).contacts.list_page = explode
    for path in ("/api/v2/contacts", "/api/address-book"):
        with capture_logs() as lines:
            answer = await user.ask("GET", path, X_Request_ID="find-me")
        assert (answer.status, answer.body["code"]) == (500, "service.internal")
        assert answer.body["request_id"] == "find-me"
        assert b"swordfish" not in answer.raw
        assert b"RuntimeError" not in answer.raw
        assert [line["log_level"] for line in lines if line["event"] == "unforeseen"] == ["error"]


async def test_a_stream_that_breaks_in_the_middle_is_seen_to_be_broken(world, user):
    contacts = world.databases.data(await world.catalogue.find("red")).contacts
    await user.ask("POST", "/api/v2/contacts", {"last_name": "King"})
    (contact,) = contacts.rows.values()

    async def break_off(_query):
        for _ in range(5000):
            yield contact
        raise DatabaseUnavailable

    contacts.iter_all = break_off
    with pytest.raises(aiohttp.ClientPayloadError):
        await user.ask("GET", "/api/v2/contacts/export")


async def test_a_stream_that_does_not_begin_is_an_error(world, user):
    world.databases.is_down = True
    answer = await user.ask("GET", "/api/v2/contacts/export")
    assert (answer.status, answer.body["code"]) == (503, "database.unavailable")


async def test_cancelling_passes_through():
    async def cancelled(_request):
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await render_failures(None, cancelled)


def test_building_an_application_starts_nothing(world):
    assert isinstance(create_app(world, Settings()), web.Application)
