"""The calls of the existing client, as it sends them."""

import base64
import json

import pytest
from http_client import PASSWORD

PERSON = {"name": "Ada King", "gender": False, "age": 36, "address": "London", "phone": "133", "email": ""}
JSON_TYPE = {"Content_Type": "application/json"}


@pytest.fixture
async def old_client(anonymous, tenant):
    return await anonymous.log_in(tenant, version=1)


async def created_id(client, **fields):
    answer = await client.ask("POST", "/api/address-book", PERSON | fields)
    assert answer.status == 201, answer.raw
    return answer.body["metadata"]["id"]


@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
async def test_login_gives_a_token_the_client_can_decode(anonymous, tenant, prefix):
    typed = {"username_or_email": "user@EXAMPLE.com", "password": PASSWORD, "tenant_id": tenant}
    answer = await anonymous.ask("POST", f"{prefix}/auth/login", typed)
    assert answer.status == 200
    assert answer.body["message"] == "Login successfully"
    data = answer.body["data"]
    assert data["token_type"] == "bearer"
    assert data["access_token"] == data["token"]
    assert data["tenant_id"] == tenant
    assert data["expires_in"] == 604_800
    payload = json.loads(base64.urlsafe_b64decode(data["token"].split(".")[1] + "=="))
    assert (payload["user"], payload["tenant_id"]) == ("user", tenant)
    assert payload["exp"] - payload["iat"] == 604_800


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"password": "wrong password"}, 401, "Wrong username or password, please try again"),
        ({"username_or_email": "nobody"}, 401, "Wrong username or password, please try again"),
        ({"tenant_id": "no-such-tenant"}, 404, "Tenant not found"),
    ],
)
async def test_login_refuses_with_the_known_texts(anonymous, tenant, changed, status, message):
    typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": tenant} | changed
    for _ in range(3):  # the client sends each failed call three times
        answer = await anonymous.ask("POST", "/api/auth/login", typed)
        assert (answer.status, answer.body["message"], answer.body["data"]) == (status, message, "")


async def test_login_without_tenant_names_the_field(anonymous):
    answer = await anonymous.ask(
        "POST", "/api/auth/login", {"username_or_email": "user", "password": PASSWORD}
    )
    assert answer.status == 400
    assert answer.body["errors"] == {"tenant_id": ["is required"]}


async def test_me_says_who_and_where(old_client, tenant):
    answer = await old_client.ask("GET", "/api/auth/me", b"", **JSON_TYPE)
    assert answer.body["message"] == "ok"
    assert answer.body["data"]["username"] == "user"
    assert answer.body["data"]["tenant_id"] == tenant
    assert len(answer.body["data"]["login_session"]) == 36


async def test_logout_ends_the_token_at_once(old_client):
    answer = await old_client.ask("POST", "/api/auth/logout", b"", **JSON_TYPE)
    assert (answer.status, answer.body["message"], answer.body["data"]) == (200, "Logout successfully", "")
    again = await old_client.ask("GET", "/api/address-book")
    assert (again.status, again.body["message"]) == (401, "Invalid token, please login again")


async def test_logout_leaves_other_sessions_alone(anonymous, old_client, tenant):
    other = await anonymous.log_in(tenant, version=1)
    await old_client.ask("POST", "/api/auth/logout")
    assert (await other.ask("GET", "/api/auth/me")).status == 200


async def test_refresh_gives_another_token_and_keeps_the_old_one(anonymous, old_client):
    answer = await old_client.ask("POST", "/api/auth/refresh", b"", **JSON_TYPE)
    assert (answer.status, answer.body["message"]) == (200, "ok")
    fresh = anonymous.bearing(answer.body["data"]["token"])
    assert (await fresh.ask("GET", "/api/auth/me")).status == 200
    assert (await old_client.ask("GET", "/api/auth/me")).status == 200


async def test_the_scheme_of_the_token_may_be_in_lower_case(old_client):
    token = old_client.headers["Authorization"].removeprefix("Bearer ")
    old_client.headers["Authorization"] = f"bearer {token}"
    assert (await old_client.ask("GET", "/api/auth/me")).status == 200


async def test_a_contact_is_created_read_changed_and_deleted(old_client, tenant):
    created = await old_client.ask("POST", "/api/address-book", PERSON)
    assert (created.status, created.body["message"], created.body["data"]) == (201, "ok", "")
    path = created.headers["Location"]
    assert path == f"/api/address-book/{created.body['metadata']['id']}"
    shown = (await old_client.ask("GET", path)).body["data"]
    assert {name: shown[name] for name in PERSON} == PERSON
    assert (shown["first_name"], shown["last_name"], shown["tenant_id"]) == ("Ada", "King", tenant)
    changed = await old_client.ask("PUT", path, PERSON | {"age": 37, "unknown": "passed over"})
    assert (changed.status, changed.body["data"]) == (200, "")
    assert (await old_client.ask("GET", path)).body["data"]["age"] == 37
    deleted = await old_client.ask("DELETE", path, b"", **JSON_TYPE)
    assert (deleted.status, deleted.body["message"], deleted.body["data"]) == (200, "ok", "")
    gone = await old_client.ask("GET", path)
    assert gone.status == 404
    assert gone.body["message"] == f"Person with id {path.rpartition('/')[2]} not found"


async def test_the_list_holds_every_contact_in_the_order_of_their_ids(old_client):
    ids = [await created_id(old_client, name=f"Person {n}", phone=f"55{n:03}") for n in range(60)]
    answer = await old_client.ask("GET", "/api/address-book?nonsense=1")
    assert [person["id"] for person in answer.body["data"]] == ids


async def test_the_list_is_paged_and_searched_when_asked(old_client):
    for n in range(5):
        await created_id(old_client, name=f"Person {n}", phone=f"55{n:03}")
    await created_id(old_client, name="Somebody Else")
    path = "/api/address-book?page=2&limit=2&search=person&sort=name,asc"
    answer = await old_client.ask("GET", path)
    assert [person["name"] for person in answer.body["data"]] == ["Person 2", "Person 3"]
    assert answer.body["metadata"]["total"] == 5


async def test_sending_a_create_three_times_makes_one_contact(old_client):
    answers = [await old_client.ask("POST", "/api/address-book", PERSON) for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 409, 409]
    assert len((await old_client.ask("GET", "/api/address-book")).body["data"]) == 1


async def test_missing_and_wrong_fields_are_all_named(old_client):
    answer = await old_client.ask("POST", "/api/address-book", {"name": "", "gender": "yes", "age": 1.5})
    assert answer.status == 400
    assert set(answer.body["errors"]) == {"name", "gender", "age", "address", "phone", "email"}
    assert answer.body["data"] == ""


@pytest.mark.parametrize("key", ["abc", "0", "-1", "1.5", "99999999999999999999", "4294967297", "%00", "é"])
async def test_an_id_that_is_none_is_not_found(old_client, key):
    answer = await old_client.ask("GET", f"/api/address-book/{key}")
    assert answer.status == 404
    assert answer.body["message"].startswith("Person with id ")


async def test_the_filter_joins_its_conditions(old_client):
    await created_id(old_client, name="Ada King", gender=False, age=36)
    await created_id(old_client, name="Ada Lovelace", gender=True, age=36)
    await created_id(old_client, name="Bob King", gender=True, age=40)
    path = "/api/address-book/filter?name=King&gender=MALE&age=40&unknown=1"
    answer = await old_client.ask("GET", path)
    assert [person["name"] for person in answer.body["data"]] == ["Bob King"]
    ignored = await old_client.ask("GET", "/api/address-book/filter?gender=other")
    assert len(ignored.body["data"]) == 3


async def test_the_filter_goes_on_after_the_cursor(old_client):
    ids = [await created_id(old_client, name=f"Person {n}") for n in range(5)]
    first = (await old_client.ask("GET", "/api/address-book/filter?page_size=2")).body
    assert [person["id"] for person in first["data"]] == ids[:2]
    assert (first["current_cursor"], first["page_size"], first["next_cursor"]) == (0, 2, ids[1])
    assert first["total_elements"] == 5
    path = f"/api/address-book/filter?page_size=3&cursor={first['next_cursor']}"
    second = (await old_client.ask("GET", path)).body
    assert [person["id"] for person in second["data"]] == ids[2:]
    assert second["total_elements"] == 5
    assert second["metadata"]["has_more"] is False
    last = (await old_client.ask("GET", f"/api/address-book/filter?cursor={ids[-1]}")).body
    assert (last["data"], last["next_cursor"]) == ([], None)


async def test_the_filter_counts_pages_for_older_clients(old_client):
    ids = [await created_id(old_client, name=f"Person {n}") for n in range(5)]
    page = (await old_client.ask("GET", "/api/address-book/filter?page_num=2&page_size=2")).body
    assert [person["id"] for person in page["data"]] == ids[2:4]
    assert (page["page_num"], page["total_elements"]) == (2, 5)


@pytest.mark.parametrize(
    "query",
    ["age=old", "cursor=x", "page_size=0", "page_num=-1", "age=99999999999", "page_size=%D9%A3"],
)
async def test_a_filter_value_of_the_wrong_type_is_refused(old_client, query):
    answer = await old_client.ask("GET", f"/api/address-book/filter?{query}")
    assert answer.status == 400
    assert set(answer.body["errors"]) == {query.partition("=")[0]}


@pytest.mark.parametrize("text", ["%25", "_", "%27", "%00", "%ED%A0%80", "a%5C"])
async def test_search_texts_are_taken_literally(old_client, text):
    await created_id(old_client)
    for path in (f"/api/address-book/filter?name={text}", f"/api/address-book?search={text}"):
        answer = await old_client.ask("GET", path)
        assert answer.status in {200, 400}
        assert answer.status == 400 or answer.body["data"] == []


async def test_filters_in_brackets_are_passed_over(old_client):
    path = "/api/address-book?filters%5B0%5D%5Bfield%5D=id&filters%5B0%5D%5Bvalue%5D=1"
    assert (await old_client.ask("GET", path)).status == 200


async def test_the_old_version_says_good_bye(old_client):
    answer = await old_client.ask("GET", "/api/address-book")
    assert answer.headers["Deprecation"].startswith("@")
    assert "GMT" in answer.headers["Sunset"]
    assert 'rel="successor-version"' in answer.headers["Link"]
    assert "/api/v2/contacts" in answer.headers["Link"]


async def test_what_is_no_version_of_anything_is_not_deprecated(anonymous):
    assert "Deprecation" not in (await anonymous.ask("GET", "/api/ping")).headers


async def test_ping_and_health_answer_without_a_token(anonymous):
    ping = await anonymous.ask("GET", "/api/ping")
    assert (ping.status, ping.body["message"]) == (200, "pong")
    for path in ("/health", "/api/health", "/api/health/status"):
        health = await anonymous.ask("GET", path)
        assert health.status == 200
        assert health.body["status"] == "healthy"
        assert health.body["components"] == {"database": "healthy", "cache": "healthy"}
        assert health.body["tenants"] is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/nothing", 404), ("PATCH", "/api/address-book", 405), ("GET", "/api/auth/login", 405)],
)
async def test_failures_are_json_with_the_known_members(anonymous, method, path, status):
    answer = await anonymous.ask(method, path)
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.body["data"] == ""
    assert isinstance(answer.body["message"], str)
    assert answer.body["status"] == status
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_a_body_that_is_not_declared_as_json_is_refused(anonymous, content_type):
    headers = {} if content_type is None else {"Content_Type": content_type}
    answer = await anonymous.ask("POST", "/api/auth/login", b'{"tenant_id": "x"}', **headers)
    assert answer.status == 400
