"""A tenant's settings and flags over HTTP: every route, every role, and nobody else's."""

import pytest
from http_client import PASSWORD

from service.application.users import create_user
from service.domain.users import NewUser

DEFAULTS = {
    "contacts.visibility": "tenant",
    "contacts.phone_region": "US",
    "contacts.page_size": 50,
    "limits.import_bytes": 33_554_432,
    "accounts.signup": "verified",
}
GERMAN = {"settings": {"contacts.phone_region": "DE"}}
ROUTES = [
    ("GET", "", None),
    ("PATCH", "", GERMAN),
    ("GET", "/history", None),
    ("POST", "/undo", {}),
    ("GET", "/schema", None),
]


@pytest.fixture
def path(tenant):
    return f"/api/v2/tenants/{tenant}/config"


@pytest.fixture
async def root(anonymous, world, make_tenant):
    """A system administrator, at home in another tenant."""
    home = await make_tenant()
    await create_user(world, home, NewUser("root", "root@example.com", "system_admin", PASSWORD))
    return await anonymous.log_in(home, "root")


@pytest.fixture
async def other_admin(anonymous, make_tenant):
    return await anonymous.log_in(await make_tenant(), "admin")


async def changed(client, path, document):
    answer = await client.ask("PATCH", path, document)
    assert answer.status == 200, answer.raw
    return answer.body["data"]


async def shown(client, path):
    return (await client.ask("GET", path)).body["data"]


async def test_a_tenant_begins_with_the_defaults(admin, path):
    answer = await admin.ask("GET", path)
    assert answer.headers["ETag"] == '"0"'
    data = answer.body["data"]
    assert (data["version"], data["settings"], data["flags"]) == (0, DEFAULTS, {})
    assert data["at_default"] == list(DEFAULTS)


async def test_a_change_is_answered_with_what_is_in_effect_and_stays(admin, path):
    document = {"settings": {"contacts.page_size": 20}, "flags": {"beta.search": True, "old": False}}
    answer = await admin.ask("PATCH", path, document)
    data = answer.body["data"]
    assert (answer.status, answer.headers["ETag"], data["version"]) == (200, '"1"', 1)
    assert data["settings"] == DEFAULTS | {"contacts.page_size": 20}
    assert data["at_default"] == [name for name in DEFAULTS if name != "contacts.page_size"]
    assert data["flags"] == {"beta.search": True, "old": False}
    assert await shown(admin, path) == data


async def test_null_is_the_way_back(admin, path):
    await changed(admin, path, {"settings": {"contacts.page_size": 20}, "flags": {"a": True, "b": True}})
    data = await changed(admin, path, {"settings": {"contacts.page_size": None}, "flags": {"a": None}})
    assert (data["settings"], data["flags"]) == (DEFAULTS, {"b": True})
    data = await changed(admin, path, {"settings": None, "flags": None})
    assert (data["settings"], data["flags"]) == (DEFAULTS, {})


async def test_the_id_of_the_tenant_names_it_as_its_slug_does(admin, path):
    by_id = f"/api/v2/tenants/{(await shown(admin, path))['tenant_id']}/config"
    await changed(admin, by_id, GERMAN)
    assert await shown(admin, by_id) == await shown(admin, path)


async def test_all_problems_are_told_by_path_and_nothing_is_changed(admin, path):
    settings = {"contacts.page_size": 0, "contacts.phone_region": "DE", "colour": "red"}
    answer = await admin.ask("PATCH", path, {"settings": settings, "flags": {"BETA": True}})
    assert (answer.status, answer.body["code"]) == (400, "request.invalid")
    assert set(answer.body["errors"]) == {
        "settings.contacts.page_size",
        "settings.colour",
        "flags.BETA",
    }
    assert (await shown(admin, path))["version"] == 0


async def test_conditions_name_the_version_they_mean(admin, path):
    await changed(admin, path, GERMAN)
    for condition in ('"0"', '"2"', 'W/"1"', "nonsense"):
        for method, below, body in (("PATCH", "", {"flags": {"a": True}}), ("POST", "/undo", {})):
            refused = await admin.ask(method, path + below, body, If_Match=condition)
            assert (refused.status, refused.body["code"]) == (412, "configuration.version_conflict")
    assert (await admin.ask("PATCH", path, {"flags": {"a": True}}, If_Match='"1"')).status == 200
    assert (await admin.ask("POST", f"{path}/undo", {}, If_Match='"2"')).status == 200
    known = await admin.ask("GET", path, If_None_Match='"3"')
    assert (known.status, known.raw, known.headers["ETag"]) == (304, b"", '"3"')


async def test_history_tells_who_changed_what_and_when_newest_first(admin, path):
    await changed(admin, path, {"settings": {"contacts.page_size": 20}, "flags": {"beta": True}})
    await changed(admin, path, {"settings": {"contacts.page_size": 30}, "flags": {"beta": None}})
    answer = await admin.ask("GET", f"{path}/history", X_Request_ID="r-17")
    newest, oldest = answer.body["data"]
    assert newest["changes"] == [
        {"path": "flags.beta", "old": True, "new": None},
        {"path": "settings.contacts.page_size", "old": 20, "new": 30},
    ]
    assert [change["old"] for change in oldest["changes"]] == [None, None]
    assert (newest["version"], newest["transition"]) == (2, "change")
    assert newest["changed_by"]["username"] == "admin"
    assert newest["changed_at"].endswith("Z")
    assert newest["changed_at"] > oldest["changed_at"]
    assert answer.body["pagination"]["total"] == 2


async def test_history_comes_in_pages(admin, path):
    for number in range(3):
        await changed(admin, path, {"flags": {f"f{number}": True}})
    pages = [
        (await admin.ask("GET", f"{path}/history?per_page=2&page={page}")).body["data"]
        for page in (1, 2, 3)
    ]
    assert [[change["version"] for change in page] for page in pages] == [[3, 2], [1], []]
    assert (await admin.ask("GET", f"{path}/history?per_page=501&limit=1")).status == 400


async def test_a_change_is_kept_with_the_request_it_came_by(admin, path):
    answer = await admin.ask("PATCH", path, GERMAN, X_Request_ID="request-of-mine-17")
    [change] = (await admin.ask("GET", f"{path}/history")).body["data"]
    assert change["request_id"] == answer.headers["X-Request-ID"]


async def test_an_undo_takes_the_last_change_back_and_can_be_undone(admin, path):
    first = await changed(admin, path, {"flags": {"a": True}})
    second = await changed(admin, path, GERMAN)
    undone = (await admin.ask("POST", f"{path}/undo")).body["data"]
    assert undone == first | {"version": 3}
    redone = (await admin.ask("POST", f"{path}/undo", {})).body["data"]
    assert redone == second | {"version": 4}
    assert (await admin.ask("GET", f"{path}/history")).body["data"][0]["transition"] == "undo"


async def test_an_undo_can_go_back_to_any_version(admin, path):
    states = [await shown(admin, path)]
    states += [await changed(admin, path, {"flags": {f"f{number}": True}}) for number in range(4)]
    for to_version in (1, 3, 0):
        answer = await admin.ask("POST", f"{path}/undo", {"to_version": to_version})
        assert answer.body["data"]["flags"] == states[to_version]["flags"]


@pytest.mark.parametrize(
    "body", [{"to_version": 1}, {"to_version": "0"}, {"to_version": -1}, {"version": 0}]
)
async def test_an_undo_to_nowhere_is_invalid(admin, path, body):
    await changed(admin, path, GERMAN)
    answer = await admin.ask("POST", f"{path}/undo", body)
    assert (answer.status, list(answer.body["errors"])) == (400, list(body))


async def test_there_is_nothing_to_undo_at_first(admin, path):
    answer = await admin.ask("POST", f"{path}/undo")
    assert (answer.status, answer.body["code"]) == (409, "configuration.nothing_to_undo")


async def test_the_schema_is_what_a_form_needs(admin, path):
    data = (await admin.ask("GET", f"{path}/schema")).body["data"]
    settings = {setting["name"]: setting for setting in data["settings"]}
    assert {name: setting["default"] for name, setting in settings.items()} == DEFAULTS
    assert all(setting["description"] for setting in settings.values())
    size = settings["contacts.page_size"]
    assert (size["type"], size["minimum"], size["maximum"]) == ("integer", 1, 500)
    assert settings["contacts.visibility"]["choices"] == ["tenant", "owner"]
    assert data["flags"] == {"name_pattern": "^[a-z][a-z0-9_.]{0,63}$", "max_count": 100}


@pytest.mark.parametrize(("method", "below", "body"), ROUTES)
async def test_the_configuration_of_another_tenant_is_not_found(
    admin, other_admin, path, method, below, body
):
    before = await changed(admin, path, {"flags": {"ours": True}})
    answer = await other_admin.ask(method, path + below, body)
    assert (answer.status, answer.body["code"]) == (404, "tenants.not_found")
    nobody = await other_admin.ask(method, f"/api/v2/tenants/nobody/config{below}", body)
    told = {"instance", "request_id"}
    assert {k: v for k, v in answer.body.items() if k not in told} == {
        k: v for k, v in nobody.body.items() if k not in told
    }
    assert await shown(admin, path) == before


@pytest.mark.parametrize(("method", "below", "body"), ROUTES)
async def test_a_system_administrator_configures_every_tenant(admin, root, path, method, below, body):
    await changed(admin, path, {"flags": {"ours": True}})
    assert (await root.ask(method, path + below, body)).status == 200


async def test_people_of_another_tenant_are_named_to_none_but_system_administrators(admin, root, path):
    await changed(root, path, GERMAN)
    await changed(admin, path, {"flags": {"a": True}})
    seen = [
        [change["changed_by"] and change["changed_by"]["username"] for change in answer.body["data"]]
        for answer in [await client.ask("GET", f"{path}/history") for client in (admin, root)]
    ]
    assert seen == [["admin", None], ["admin", "root"]]


async def test_one_tenants_configuration_leaves_the_other_as_it_was(admin, other_admin, path):
    other_id = (await other_admin.ask("GET", "/api/v2/auth/me")).body["data"]["tenant_id"]
    await changed(admin, path, GERMAN)
    other = await shown(other_admin, f"/api/v2/tenants/{other_id}/config")
    assert (other["version"], other["settings"]) == (0, DEFAULTS)
