import pytest

from service.web.errors import STATUS

MEMBERS = {
    "success",
    "message",
    "error",
    "code",
    "detail",
    "errors",
    "request_id",
    "type",
    "title",
    "status",
    "instance",
}


def test_nothing_invalid_is_a_422():
    assert 422 not in STATUS.values()


async def test_an_error_of_v2_is_a_problem_with_our_members(user):
    answer = await user.ask("POST", "/api/v2/contacts", {"first_name": 5, "email": "ada@"})
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert set(answer.body) == MEMBERS
    assert answer.body["success"] is False
    assert answer.body["error"] == answer.body["title"] == "Invalid input"
    assert answer.body["instance"] == "/api/v2/contacts"
    assert answer.body["errors"] == {
        "first_name": ["must be text, got a number"],
        "last_name": ["is required"],
        "email": ["is not a valid e-mail address"],
    }
    assert "first_name must be text" in answer.body["message"]


async def test_an_error_of_v1_has_the_same_members_and_empty_data(user):
    answer = await user.ask("POST", "/api/address-book", {})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert set(answer.body) == MEMBERS | {"data", "details"}
    assert answer.body["data"] == ""


@pytest.mark.parametrize(
    "path", ["/api/v2/contacts/1", "/api/v2/contacts/018cc251-f400-7000-8000-0000000000ff"]
)
async def test_an_id_of_nothing_is_not_found(user, path):
    answer = await user.ask("GET", path)
    assert (answer.status, answer.body["code"]) == (404, "contacts.not_found")


async def test_a_method_that_is_not_offered_says_which_are(user):
    answer = await user.ask("PUT", "/api/v2/contacts", {})
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


async def test_a_path_that_is_not_known_needs_no_token_to_be_refused(anonymous, user):
    for client in (anonymous, user):
        answer = await client.ask("GET", "/api/v2/nothing")
        assert (answer.status, answer.body["code"]) == (404, "request.path_unknown")


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "/api/address-book", "Can not fetch data"),
        ("POST", "/api/address-book", "Can not insert data"),
        ("PUT", "/api/address-book/1", "Can not update data"),
        ("DELETE", "/api/address-book/1", "Can not delete data"),
        ("GET", "/api/v2/contacts", "The database is not available"),
    ],
)
async def test_v1_says_in_its_own_words_that_the_database_is_away(world, user, method, path, message):
    world.databases.is_down = True
    body = {"name": "Ada", "gender": False, "age": 1, "address": "", "phone": "", "email": ""}
    answer = await user.ask(method, path, body)
    assert (answer.status, answer.body["message"]) == (503, message)
