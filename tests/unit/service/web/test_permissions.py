"""What callers are told of their own permissions."""


async def test_the_own_account_shows_what_it_may_do(reader):
    data = (await reader.ask("GET", "/api/v2/auth/me")).body["data"]
    assert data["permissions"] == [
        "contacts:read",
        "contacts:export",
        "users:read",
        "sessions:read",
        "sessions:delete",
    ]


async def test_all_permissions_are_listed_with_how_far_they_go(user):
    data = (await user.ask("GET", "/api/v2/auth/permissions")).body["data"]
    assert data["contacts:delete"]["scope"] == "tenant"
    assert data["sessions:read"]["scope"] == "own"
    assert "tenants:manage" not in data


async def test_a_refusal_is_explained_to_whom_it_concerns(reader):
    answer = await reader.ask("GET", "/api/v2/auth/permissions?permission=contacts:delete")
    assert answer.body["data"] == {
        "permission": "contacts:delete",
        "allowed": False,
        "scope": None,
        "fields": None,
        "rule": "grant",
        "reason": "the role read_only does not have the permission contacts:delete",
    }


async def test_what_is_no_permission_is_told_with_those_that_are(user):
    for query in ("permission=contacts:eat", "user=bob"):
        answer = await user.ask("GET", f"/api/v2/auth/permissions?{query}")
        assert (answer.status, list(answer.body["errors"])) == (400, [query.partition("=")[0]])
