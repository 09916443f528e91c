"""Sessions over HTTP: refreshed by tokens that are used once, listed, ended in every process at once."""

import asyncio
from contextlib import asynccontextmanager

import msgspec
import pytest
from http_client import PASSWORD, open_world, serve
from structlog.testing import capture_logs

from service.settings import Settings

WORDING = "Invalid token, please login again"
NEW_PASSWORD = "another correct horse battery"


def events_of(logs):
    return [(log["reason"], log["log_level"]) for log in logs if log["event"] == "security.refused"]


async def logged_in(client, tenant, username="user", version=2, **headers):
    typed = {"username_or_email": username, "password": PASSWORD, "tenant_id": tenant}
    answer = await client.ask("POST", f"/api/v{version}/auth/login", typed, **headers)
    assert answer.status == 200, answer.raw
    return answer.body["data"] | {"tenant_id": tenant}


async def refreshed(client, data, path="/api/v2/auth/refresh"):
    return await client.ask(
        "POST", path, {"refresh_token": data["refresh_token"], "tenant_id": data["tenant_id"]}
    )


async def me(client, data):
    return (await client.bearing(data["token"]).ask("GET", "/api/v2/auth/me")).status


@asynccontextmanager
async def two_processes(servers, settings=None, redis_urls=None):
    """What two processes share, and nothing else: the database and Redis."""
    first, second = redis_urls or (servers.redis_url, servers.redis_url)
    async with (
        open_world(servers.database_url, first) as one,
        open_world(servers.database_url, second) as two,
        serve(one, settings) as here,
        serve(two, settings) as there,
    ):
        yield here, there


@pytest.fixture
async def strict(world):
    """The service without any grace for a second use."""
    async with serve(world, Settings(refresh_grace_s=0)) as client:
        yield client


async def test_a_refresh_gives_both_tokens_anew_for_the_same_session(anonymous, tenant):
    first = await logged_in(anonymous, tenant)
    answer = await refreshed(anonymous, first)
    second = answer.body["data"]
    assert set(second) == {"token", "token_type", "expires_in", "refresh_token", "tenant_id"}
    assert second["refresh_token"] != first["refresh_token"]
    sessions = (await anonymous.bearing(second["token"]).ask("GET", "/api/v2/auth/sessions")).body["data"]
    assert [session["is_current"] for session in sessions] == [True]


async def test_a_family_goes_on_for_many_generations(strict, tenant):
    data = await logged_in(strict, tenant)
    for _ in range(5):
        answer = await refreshed(strict, data)
        assert answer.status == 200
        data = answer.body["data"]
    assert await me(strict, data) == 200


async def test_v1_logins_have_a_refresh_token_too(anonymous, tenant):
    data = await logged_in(anonymous, tenant, version=1)
    answer = await refreshed(anonymous, data, "/api/auth/refresh-token")
    assert (answer.status, answer.body["message"]) == (200, "ok")
    assert answer.body["data"]["access_token"] == answer.body["data"]["token"]
    assert answer.body["data"]["expires_in"] == 604_800


async def test_a_token_that_comes_back_ends_the_family_and_is_logged(strict, tenant):
    first = await logged_in(strict, tenant)
    second = (await refreshed(strict, first)).body["data"]
    with capture_logs() as logs:
        replayed = await refreshed(strict, first)
    assert (replayed.status, replayed.body["detail"]) == (401, WORDING)
    assert events_of(logs) == [("refresh_reused", "warning")]
    assert [log["tenant"] for log in logs if log["event"] == "security.refused"] == [tenant]
    assert first["refresh_token"] not in str(logs)
    assert [await me(strict, data) for data in (first, second)] == [401, 401]
    assert (await refreshed(strict, second)).status == 401


async def test_other_sessions_outlive_the_end_of_a_family(strict, tenant):
    other, stolen = [await logged_in(strict, tenant) for _ in range(2)]
    for _ in range(2):
        await refreshed(strict, stolen)
    assert [await me(strict, data) for data in (other, stolen)] == [200, 401]


@pytest.mark.parametrize("uses", [2, 5])
async def test_tabs_that_refresh_together_all_go_on(servers, tenant, uses):
    async with two_processes(servers) as clients:
        data = await logged_in(clients[0], tenant)
        answers = await asyncio.gather(*(refreshed(clients[n % 2], data) for n in range(uses)))
        assert [answer.status for answer in answers] == [200] * uses
        assert len({answer.body["data"]["refresh_token"] for answer in answers}) == uses
        for answer in answers:
            assert (await refreshed(clients[0], answer.body["data"])).status == 200


async def test_without_grace_one_of_two_at_once_wins_and_the_family_ends(servers, tenant):
    async with two_processes(servers, Settings(refresh_grace_s=0)) as clients:
        data = await logged_in(clients[0], tenant)
        answers = await asyncio.gather(*(refreshed(client, data) for client in clients))
        assert sorted(answer.status for answer in answers) == [200, 401]
        assert await me(clients[0], data) == 401


async def test_a_refresh_beside_a_logout_never_revives_the_session(servers, tenant):
    async with two_processes(servers) as (here, there):
        for _ in range(5):
            data = await logged_in(here, tenant)
            answer, _ = await asyncio.gather(
                refreshed(there, data), here.bearing(data["token"]).ask("POST", "/api/v2/auth/logout")
            )
            assert answer.status in {200, 401}
            assert await me(there, answer.body.get("data", data)) == 401


# What is sent, from the tokens of a login and another tenant.
ATTACKS = (
    ("unknown", "refresh_unknown", lambda mine, other: {"refresh_token": "x" * 43}),
    ("of another tenant", "refresh_unknown", lambda mine, other: {"tenant_id": other}),
    ("of no tenant", "tenant_unknown", lambda mine, other: {"tenant_id": "no-such-tenant"}),
    ("an access token", "refresh_unknown", lambda mine, other: {"refresh_token": mine["token"]}),
    ("a statement", "refresh_unknown", lambda mine, other: {"refresh_token": "' OR 1=1 --"}),
    ("large", "refresh_unknown", lambda mine, other: {"refresh_token": "x" * 1_000_000}),
    ("longer", "refresh_unknown", lambda mine, other: {"refresh_token": mine["refresh_token"] + " "}),
    (
        *("in other letters", "refresh_unknown"),
        lambda mine, other: {"refresh_token": mine["refresh_token"].swapcase()},
    ),
)


@pytest.fixture(scope="module")
async def houses(make_tenant):
    return await make_tenant(), await make_tenant()


@pytest.mark.parametrize(("reason", "attack"), [pytest.param(*row, id=name) for name, *row in ATTACKS])
async def test_a_refresh_token_that_is_none_is_refused(anonymous, houses, reason, attack):
    data = await logged_in(anonymous, houses[0])
    with capture_logs() as logs:
        answer = await refreshed(anonymous, data | attack(data, houses[1]))
    assert (answer.status, answer.body["code"], answer.body["detail"]) == (
        401,
        "auth.token_invalid",
        WORDING,
    )
    assert events_of(logs) == [(reason, "warning")]
    assert (await refreshed(anonymous, data)).status == 200


async def test_a_session_that_ended_refreshes_nothing(anonymous, tenant):
    data = await logged_in(anonymous, tenant)
    await anonymous.bearing(data["token"]).ask("POST", "/api/v2/auth/logout")
    answer = await refreshed(anonymous, data)
    assert (answer.status, answer.body["detail"]) == (401, WORDING)


@pytest.mark.parametrize("version", [1, 2])
async def test_the_token_of_a_session_that_ended_leaves_an_event(anonymous, tenant, version):
    data = await logged_in(anonymous, tenant, version=version)
    mine = anonymous.bearing(data["token"])
    await mine.ask("POST", f"/api/v{version}/auth/logout")
    with capture_logs() as logs:
        answer = await mine.ask("GET", f"/api/v{version}/auth/me")
    assert (answer.status, answer.body["detail"]) == (401, WORDING)
    assert events_of(logs) == [("session_ended", "warning")]


async def test_a_token_beside_the_name_of_another_tenant_leaves_an_event(user, make_tenant):
    with capture_logs() as logs:
        answer = await user.ask("GET", "/api/v2/auth/me", X_Tenant_ID=await make_tenant())
    assert (answer.status, answer.body["code"]) == (403, "auth.tenant_mismatch")
    assert events_of(logs) == [("tenant_mismatch", "warning")]


async def test_an_expired_token_is_no_alarm(anonymous, user, world):
    claims = world.tokens.verify(user.headers["Authorization"].removeprefix("Bearer ")).value
    token = world.tokens.sign(msgspec.structs.replace(claims, expires_at=claims.issued_at))
    with capture_logs() as logs:
        assert (await anonymous.bearing(token).ask("GET", "/api/v2/auth/me")).status == 401
    assert events_of(logs) == [("expired", "info")]


async def test_a_missing_refresh_token_is_named(anonymous):
    answer = await anonymous.ask("POST", "/api/v2/auth/refresh", {})
    assert (answer.status, set(answer.body["errors"])) == (400, {"refresh_token", "tenant_id"})


async def test_sessions_are_listed_with_what_they_came_from(anonymous, tenant):
    await logged_in(anonymous, tenant, User_Agent="Old Phone\t1.0")
    data = await logged_in(anonymous, tenant, User_Agent="New Phone")
    await logged_in(anonymous, tenant, "admin")
    listed = (await anonymous.bearing(data["token"]).ask("GET", "/api/v2/auth/sessions")).body["data"]
    assert [(item["user_agent"], item["address"], item["is_current"]) for item in listed] == [
        ("New Phone", "127.0.0.1", True),
        ("Old Phone1.0", "127.0.0.1", False),
    ]
    assert all(item["created_at"] <= item["last_used_at"] < item["expires_at"] for item in listed)


async def test_one_session_is_ended_and_the_others_go_on_in_every_process(servers, tenant):
    async with two_processes(servers) as (here, there):
        kept, lost = [await logged_in(here, tenant) for _ in range(2)]
        assert [await me(there, data) for data in (kept, lost)] == [200, 200]
        mine = there.bearing(kept["token"])
        listed = (await mine.ask("GET", "/api/v2/auth/sessions")).body["data"]
        (other,) = [item["id"] for item in listed if not item["is_current"]]
        assert (await mine.ask("DELETE", f"/api/v2/auth/sessions/{other}")).status == 200
        for client in (here, there):
            assert [await me(client, data) for data in (kept, lost)] == [200, 401]
        assert (await mine.ask("DELETE", f"/api/v2/auth/sessions/{other}")).status == 404


async def test_sessions_end_in_every_process_without_redis_too(servers, tenant, tmp_path):
    nothing = f"unix://{tmp_path}/nothing.sock"
    async with two_processes(servers, redis_urls=(nothing, nothing)) as (here, there):
        data = await logged_in(here, tenant)
        assert await me(there, data) == 200
        await here.bearing(data["token"]).ask("POST", "/api/v2/auth/logout")
        assert await me(there, data) == 401


async def test_logging_out_everywhere_ends_all_of_ones_own(servers, tenant):
    async with two_processes(servers) as (here, there):
        mine = [await logged_in(client, tenant) for client in (here, there)]
        other = await logged_in(here, tenant, "admin")
        answer = await here.bearing(mine[0]["token"]).ask("POST", "/api/v2/auth/logout-all")
        assert answer.body["data"] == {"ended": 2}
        for client in (here, there):
            assert [await me(client, data) for data in (*mine, other)] == [401, 401, 200]


@pytest.mark.parametrize("who", ["colleague", "stranger", "nobody"])
async def test_the_session_of_another_is_not_found(anonymous, user, stranger, tenant, who):
    colleague = anonymous.bearing((await logged_in(anonymous, tenant, "admin"))["token"])
    owner = {"colleague": colleague, "stranger": stranger, "nobody": None}[who]
    session = "01890000-0000-7000-8000-000000000001"
    if owner is not None:
        session = (await owner.ask("GET", "/api/v2/auth/sessions")).body["data"][0]["id"]
    answer = await user.ask("DELETE", f"/api/v2/auth/sessions/{session}")
    assert (answer.status, answer.body["code"]) == (404, "auth.session_not_found")
    for client in (colleague, stranger):
        assert (await client.ask("GET", "/api/v2/auth/me")).status == 200


@pytest.mark.parametrize("text", ["x", "1", "%00", "..%2f"])
async def test_a_session_id_that_is_none_is_not_found(user, text):
    assert (await user.ask("DELETE", f"/api/v2/auth/sessions/{text}")).status == 404


async def test_a_new_password_ends_all_other_sessions(anonymous, tenant):
    other, mine = [await logged_in(anonymous, tenant) for _ in range(2)]
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    answer = await anonymous.bearing(mine["token"]).ask("POST", "/api/v2/auth/password", body)
    assert answer.status == 200
    assert [await me(anonymous, data) for data in (mine, other)] == [200, 401]
    assert (await refreshed(anonymous, other)).status == 401
    assert (await refreshed(anonymous, mine)).status == 200
    typed = {"username_or_email": "user", "password": NEW_PASSWORD, "tenant_id": tenant}
    assert (await anonymous.ask("POST", "/api/v2/auth/login", typed)).status == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"current_password": "wrong"}, "current_password"), ({"new_password": "short"}, "new_password")],
)
async def test_a_password_is_changed_by_the_current_one_to_a_strong_one(user, changed, field):
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD} | changed
    answer = await user.ask("POST", "/api/v2/auth/password", body)
    assert (answer.status, set(answer.body["errors"])) == (400, {field})
    assert (await user.ask("GET", "/api/v2/auth/me")).status == 200
