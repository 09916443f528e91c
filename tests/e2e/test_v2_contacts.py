import asyncio

import pytest
from http_client import PASSWORD

ADA = {
    "first_name": "Ada",
    "last_name": "King",
    "email": "Ada@Example.COM",
    "phone": "+44 20 7946 0958",
    "address": "12 St James's Square\nLondon",
    "labels": ["math", "math", "london"],
    "metadata": {"born": 1815, "likes": ["numbers", None, 1.5]},
}


async def created(client, **fields):
    answer = await client.ask("POST", "/api/v2/contacts", ADA | fields)
    assert answer.status == 201, answer.raw
    return answer


async def names(client, query):
    answer = await client.ask("GET", f"/api/v2/contacts?{query}")
    assert answer.status == 200, answer.raw
    return [contact["first_name"] for contact in answer.body["data"]]


@pytest.fixture
async def path(user):
    return (await created(user)).headers["Location"]


async def test_login_says_who_may_do_what_and_for_how_long(anonymous, tenant):
    typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": tenant}
    answer = await anonymous.ask("POST", "/api/v2/auth/login", typed)
    assert answer.body["success"] is True
    assert answer.body["data"]["token_type"] == "bearer"
    assert answer.body["data"]["expires_in"] == 3600
    me = await anonymous.bearing(answer.body["data"]["token"]).ask("GET", "/api/v2/auth/me")
    assert me.body["data"]["username"] == "user"
    assert me.body["data"]["role"] == "user"
    assert b"password" not in me.raw


async def test_logout_ends_the_token_at_once(user):
    assert (await user.ask("POST", "/api/v2/auth/logout")).status == 200
    assert (await user.ask("GET", "/api/v2/contacts")).status == 401


async def test_a_contact_comes_back_normalised(user):
    answer = await created(user)
    contact = answer.body["data"]
    assert answer.body["success"] is True
    assert answer.headers["Location"] == f"/api/v2/contacts/{contact['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert contact["email"] == "Ada@example.com"
    assert contact["phone_e164"] == "+442079460958"
    assert contact["labels"] == ["math", "london"]
    assert contact["metadata"] == ADA["metadata"]
    assert contact["created_at"].endswith("Z")
    assert (await user.ask("GET", answer.headers["Location"])).body["data"] == contact


async def test_put_replaces_and_patch_changes(user, path):
    patched = await user.ask("PATCH", path, {"phone": "", "labels": ["new"]})
    assert patched.status == 200
    assert (patched.body["data"]["phone"], patched.body["data"]["email"]) == ("", "Ada@example.com")
    assert (patched.body["data"]["version"], patched.headers["ETag"]) == (2, '"2"')
    replaced = await user.ask("PUT", path, {"last_name": "Lovelace"})
    assert replaced.status == 200
    assert (replaced.body["data"]["first_name"], replaced.body["data"]["labels"]) == ("", [])


async def test_delete_hides_the_contact_and_frees_its_email(user, path):
    assert (await user.ask("DELETE", path)).body["success"] is True
    assert (await user.ask("GET", path)).status == 404
    assert (await user.ask("DELETE", path)).status == 404
    await created(user)


async def test_a_change_names_the_version_it_means(user, path):
    assert (await user.ask("PATCH", path, {"phone": ""}, If_Match='"1"')).status == 200
    for condition in ('"1"', 'W/"2"', "nonsense", '"1", "2"x'):
        refused = await user.ask("PATCH", path, {"phone": ""}, If_Match=condition)
        assert (refused.status, refused.body["code"]) == (412, "contacts.version_conflict")
    assert (await user.ask("DELETE", path, If_Match='"1"')).status == 412
    assert (await user.ask("PUT", path, {"last_name": "King"}, If_Match="*")).status == 200
    assert (await user.ask("DELETE", path, If_Match='"3"')).status == 200


async def test_what_the_caller_has_is_not_sent_again(user, path):
    answer = await user.ask("GET", path, If_None_Match='W/"7", "1"')
    assert (answer.status, answer.raw, answer.headers["ETag"]) == (304, b"", '"1"')
    assert (await user.ask("GET", path, If_None_Match='"2"')).status == 200


async def test_of_two_changes_of_one_version_one_wins(user, path):
    answers = await asyncio.gather(
        *(user.ask("PATCH", path, {"address": str(n)}, If_Match='"1"') for n in range(5))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412, 412]


async def test_of_many_equal_creates_one_is_stored(user):
    answers = await asyncio.gather(*(user.ask("POST", "/api/v2/contacts", ADA) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"contacts.exists"}


async def test_the_list_is_paged_and_sorted(user):
    for n in range(5):
        await created(user, first_name=f"Person {n}", email=f"p{n}@example.com")
    assert await names(user, "sort=-first_name&per_page=2") == ["Person 4", "Person 3"]
    last = await user.ask("GET", "/api/v2/contacts?sort=last_name,-email&per_page=2&page=3")
    assert [contact["first_name"] for contact in last.body["data"]] == ["Person 0"]
    pagination = last.body["pagination"]
    assert pagination.pop("prev_cursor")
    assert pagination == {
        "current_page": 3,
        "per_page": 2,
        "total": 5,
        "total_pages": 3,
        "next_cursor": None,
    }
    beyond = await user.ask("GET", "/api/v2/contacts?page=9&per_page=2")
    assert (beyond.body["data"], beyond.body["pagination"]["total"]) == ([], 5)


async def test_an_empty_list_has_no_pages(user):
    answer = await user.ask("GET", "/api/v2/contacts")
    assert answer.body["data"] == []
    assert answer.body["pagination"]["total_pages"] == 0


async def test_search_takes_its_text_literally(user):
    await created(user, first_name="100%", email="percent@example.com")
    await created(user, first_name="Bob_", email="under@example.com")
    assert await names(user, "search=%25") == ["100%"]
    assert await names(user, "search=_") == ["Bob_"]
    assert await names(user, "search=UNDER@") == ["Bob_"]
    assert await names(user, "search=%27%3B--") == []


async def test_search_finds_words_without_accents_slips_labels_and_digits(user):
    await created(
        user, first_name="José", last_name="García-Lorca", email="j@example.com", labels=["poets"]
    )
    await created(user, first_name="Ada", last_name="Kingsley", phone="+44 20 7946 0959", email="")
    for asked in ("garcia%20jose", "jose%20lor", "poet", "GARCÍA", "J%40EXAMPLE"):
        assert await names(user, f"search={asked}") == ["José"]
    for asked in ("02079460959", "%2B44-20-7946-0959", "7946%200959", "kin", "kingsly"):
        assert await names(user, f"search={asked}") == ["Ada"]


async def test_what_is_searched_for_is_ordered_by_how_well_the_name_fits(user):
    for n, name in enumerate(("Marian", "Mariana", "Maria", "Mario")):
        await created(user, first_name=name, last_name="A", email=f"maria{n}@example.com")
    assert (await names(user, "search=maria"))[0] == "Maria"
    assert (await names(user, "search=mariana"))[0] == "Mariana"
    by_name = await names(user, "search=maria&sort=first_name")
    assert by_name == ["Maria", "Marian", "Mariana", "Mario"]
    assert sorted(await names(user, "search=maria&sort=-relevance,first_name")) == by_name


async def test_v1_searches_for_the_text_itself_as_ever(user, anonymous, tenant):
    await created(
        user, first_name="José", last_name="García", email="j@example.com", phone="+44 20 7946 0958"
    )
    old = await anonymous.log_in(tenant, version=1)
    counts = {}
    for asked in ("garcía", "garcia", "garcja", "josé%20gar", "gar%20jos", "2079460958", "44%2020"):
        answer = await old.ask("GET", f"/api/address-book?search={asked}")
        counts[asked] = len(answer.body["data"])
    assert [asked for asked in counts if counts[asked]] == ["garcía", "josé%20gar", "44%2020"]


@pytest.mark.parametrize(
    "query",
    [
        "sort=relevance",
        "page=0",
        "page=x",
        "per_page=501",
        "sort=password",
        "page=%D9%A3",
        "limit=5",
        "search=%00",
        "search=" + "x" * 201,
    ],
)
async def test_a_parameter_that_can_not_be_meant_is_refused(user, query):
    answer = await user.ask("GET", f"/api/v2/contacts?{query}")
    assert answer.status == 400
    assert set(answer.body["errors"]) == {query.partition("=")[0]}


async def test_a_last_name_and_a_possible_phone_are_wanted(user):
    answer = await user.ask("POST", "/api/v2/contacts", {"last_name": " ", "phone": "133", "labels": [1]})
    assert answer.status == 400
    assert set(answer.body["errors"]) == {"last_name", "phone", "labels[0]"}


@pytest.mark.parametrize(
    "field", ["id", "user_id", "version", "created_at", "deleted_at", "number", "identity_key"]
)
async def test_what_is_not_a_persons_to_set_is_not_set(user, path, field):
    before = (await user.ask("GET", path)).body["data"]
    after = (await user.ask("PATCH", path, {field: "018cc251-f400-7000-8000-000000000001"})).body["data"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"version", "updated_at"}


async def test_both_versions_show_the_same_contact(user, anonymous, tenant):
    await created(user, metadata={"gender": True, "age": 36})
    old = await anonymous.log_in(tenant, version=1)
    (person,) = (await old.ask("GET", "/api/address-book")).body["data"]
    assert (person["name"], person["gender"], person["age"]) == ("Ada King", True, 36)
    await old.ask("PUT", f"/api/address-book/{person['id']}", person | {"name": "Ada Lovelace", "age": 37})
    (contact,) = (await user.ask("GET", "/api/v2/contacts")).body["data"]
    assert (contact["last_name"], contact["metadata"]) == ("Lovelace", {"gender": True, "age": 37})
    assert contact["labels"] == ["math", "london"]
