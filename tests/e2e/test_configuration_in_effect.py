"""What a tenant configures changes what the service does for it, for nobody else, and in every process."""

import asyncio

import pytest
from http_client import open_world, serve

BERLIN = "030 1234567"


@pytest.fixture
def path(tenant):
    return f"/api/v2/tenants/{tenant}/config"


async def configured(admin, path, **settings):
    named = {f"contacts.{name}": value for name, value in settings.items()}
    answer = await admin.ask("PATCH", path, {"settings": named})
    assert answer.status == 200, answer.raw


async def created(client, **fields):
    answer = await client.ask("POST", "/api/v2/contacts", {"last_name": "King"} | fields)
    return answer.body.get("data", answer.body)


async def total(client):
    return (await client.ask("GET", "/api/v2/contacts")).body["pagination"]["total"]


async def test_phone_numbers_are_read_as_those_of_the_tenants_country(admin, path, user, stranger):
    await configured(admin, path, phone_region="DE")
    assert (await created(user, phone=BERLIN))["phone_e164"] == "+49301234567"
    assert (await created(stranger, phone=BERLIN))["phone_e164"] == "+10301234567"


async def test_the_tenants_country_counts_in_v1_and_in_imports_too(admin, path, user):
    await configured(admin, path, phone_region="DE")
    person = {"name": "Ada King", "gender": False, "age": 36, "address": "", "email": "", "phone": BERLIN}
    assert (await user.ask("POST", "/api/address-book", person)).status == 201
    file = f"last_name,phone\nLovelace,{BERLIN}8\n".encode()
    assert (await user.ask("POST", "/api/v2/contacts/import", file, Content_Type="text/csv")).status == 200
    listed = (await user.ask("GET", "/api/v2/contacts?sort=number")).body["data"]
    assert [contact["phone_e164"] for contact in listed] == ["+49301234567", "+493012345678"]


async def test_pages_are_of_the_tenants_size_when_none_is_asked_for(admin, path, user, stranger):
    await configured(admin, path, page_size=2)
    for client in (user, stranger):
        for number in range(3):
            await created(client, email=f"{number}@example.com")
    pages = {
        query: (await user.ask("GET", f"/api/v2/contacts{query}")).body["pagination"]["per_page"]
        for query in ("", "?page=2", "?per_page=3")
    }
    assert pages == {"": 2, "?page=2": 2, "?per_page=3": 3}
    assert (await stranger.ask("GET", "/api/v2/contacts")).body["pagination"]["per_page"] == 50


@pytest.fixture
async def others(anonymous, tenant, admin, path):
    """The path of a colleague's contact, where people see only their own."""
    await configured(admin, path, visibility="owner")
    colleague = await anonymous.log_in(tenant, "user2")
    contact = await created(colleague, email="ada@example.com")
    return f"/api/v2/contacts/{contact['id']}"


@pytest.mark.parametrize(
    ("method", "body"),
    [("GET", None), ("PUT", {"last_name": "Taken"}), ("PATCH", {"last_name": "Taken"}), ("DELETE", None)],
)
async def test_a_contact_of_a_colleague_is_not_found_where_people_see_only_their_own(
    user, admin, others, method, body
):
    answer = await user.ask(method, others, body)
    assert (answer.status, answer.body["code"]) == (404, "contacts.not_found")
    assert (await admin.ask("GET", others)).body["data"]["last_name"] == "King"


async def test_lists_files_groups_and_v1_hold_only_ones_own(user, admin, others):
    await created(user, first_name="Mine", email="mine@example.com")
    assert (await total(user), await total(admin)) == (1, 2)
    assert b"ada@example.com" not in (await user.ask("GET", "/api/v2/contacts/export?format=csv")).raw
    for below in ("groups", "duplicates"):
        assert others[-36:].encode() not in (await user.ask("GET", f"/api/v2/contacts/{below}")).raw
    assert len((await user.ask("GET", "/api/address-book")).body["data"]) == 1
    assert (await user.ask("GET", "/api/address-book/filter")).body["total_elements"] == 1


async def test_a_choice_of_who_sees_what_is_the_tenants_own(stranger, anonymous, others):
    me = (await stranger.ask("GET", "/api/v2/auth/me")).body["data"]
    await created(stranger, email="ada@example.com")
    assert await total(await anonymous.log_in(me["tenant_id"], "user2")) == 1


async def becomes(client, path, expected):
    async with asyncio.timeout(10):
        while (await client.ask("GET", path)).body["data"]["flags"] != expected:  # noqa: ASYNC110  over HTTP nothing tells when
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("is_cache_there", [True, False])
async def test_every_process_sees_a_change(servers, tenant, path, tmp_path, is_cache_there):
    redis_url = servers.redis_url if is_cache_there else f"unix://{tmp_path}/nothing.sock"
    async with (
        open_world(servers.database_url, redis_url) as one,
        open_world(servers.database_url, redis_url) as two,
        serve(one) as first,
        serve(two) as second,
    ):
        here, there = await first.log_in(tenant, "admin"), await second.log_in(tenant, "admin")
        await there.ask("GET", path)
        await here.ask("PATCH", path, {"flags": {"beta": True}})
        await becomes(there, path, {"beta": True})
        await there.ask("POST", f"{path}/undo")
        await becomes(here, path, {})


async def test_changes_made_in_two_processes_at_once_all_count(servers, tenant, path):
    async with (
        open_world(servers.database_url, servers.redis_url) as one,
        open_world(servers.database_url, servers.redis_url) as two,
        serve(one) as first,
        serve(two) as second,
    ):
        clients = [await first.log_in(tenant, "admin"), await second.log_in(tenant, "admin")]
        answers = await asyncio.gather(
            *(clients[n % 2].ask("PATCH", path, {"flags": {f"f{n}": True}}) for n in range(6))
        )
        assert sorted(answer.body["data"]["version"] for answer in answers) == list(range(1, 7))
        await becomes(clients[0], path, {f"f{n}": True for n in range(6)})
        await becomes(clients[1], path, {f"f{n}": True for n in range(6)})


async def test_a_restart_keeps_the_state_and_its_history(servers, admin, tenant, path):
    for flags in ({"a": True}, {"b": True}, {"a": None}):
        await admin.ask("PATCH", path, {"flags": flags})
    before = [(await admin.ask("GET", path + below)).body for below in ("", "/history")]
    async with open_world(servers.database_url, servers.redis_url) as world, serve(world) as anonymous:
        again = await anonymous.log_in(tenant, "admin")
        assert [(await again.ask("GET", path + below)).body for below in ("", "/history")] == before
        undone = await again.ask("POST", f"{path}/undo", {"to_version": 1})
        assert (undone.body["data"]["version"], undone.body["data"]["flags"]) == (4, {"a": True})
