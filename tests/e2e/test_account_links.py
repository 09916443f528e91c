"""New passwords and invitations by mail, and all that a link is not good for."""

import asyncio

import pytest
from http_client import PASSWORD

FORGOT, RESET = "/api/v2/auth/password/forgot", "/api/v2/auth/password/reset"
ACCEPT = "/api/v2/auth/invitations/accept"
INVITE = "/api/v2/users/invitations"
NEW_PASSWORD = "seven otters juggle quietly"
NEWCOMER = {"username": "newcomer", "password": NEW_PASSWORD}


@pytest.fixture
async def renamed(world, tenant):
    """The user, with an address that nobody else in these tests has."""
    address = f"user@{tenant}.example.com"
    async with world.databases.begin(await world.catalogue.find(tenant)) as tx:
        user = await tx.users.find_by_login("user")
        await tx.users._statements.execute("UPDATE users SET email = $2 WHERE id = $1", user.id, address)
    return address


@pytest.fixture
async def reset_token(anonymous, tenant, renamed, mail):
    answer = await anonymous.ask("POST", FORGOT, {"tenant_id": tenant, "email": renamed})
    assert answer.status == 202
    return await mail.token_for(renamed)


async def invited(admin, mail, address, **given):
    answer = await admin.ask("POST", INVITE, {"email": address} | given)
    assert answer.status == 201, answer.raw
    return await mail.token_for(address)


def refusal(answer):
    """All but what differs from request to request."""
    members = {key: value for key, value in answer.body.items() if key not in {"request_id", "instance"}}
    return answer.status, str(members)


async def reset(client, token, password=NEW_PASSWORD):
    return await client.ask("POST", RESET, {"token": token, "new_password": password})


async def test_a_new_password_ends_all_sessions(anonymous, tenant, user, reset_token):
    assert (await reset(anonymous, reset_token)).status == 200
    assert (await user.ask("GET", "/api/v2/auth/me")).status == 401
    await anonymous.log_in(tenant, "user", NEW_PASSWORD)
    await anonymous.log_in(tenant, "user", NEW_PASSWORD, version=1)


async def test_a_weak_password_does_not_use_up_the_link(anonymous, reset_token):
    answer = await reset(anonymous, reset_token, "user")
    assert (answer.status, set(answer.body["errors"])) == (400, {"new_password"})
    assert (await reset(anonymous, reset_token)).status == 200


async def test_asking_says_nothing_of_who_is_there(anonymous, tenant, renamed, mail):
    asked = [
        {"tenant_id": tenant, "email": renamed},
        {"tenant_id": tenant, "email": "nobody@example.com"},
        {"tenant_id": "nowhere", "email": renamed},
    ]
    answers = [await anonymous.ask("POST", FORGOT, body) for body in asked]
    assert {(answer.status, answer.raw) for answer in answers} == {(202, answers[0].raw)}
    assert len(await mail.mails_to(renamed)) == 1
    assert await mail.mails_to("nobody@example.com") == []


async def test_nobody_gets_more_than_a_few_mails(anonymous, tenant, renamed, mail):
    for _ in range(7):
        await anonymous.ask("POST", FORGOT, {"tenant_id": tenant, "email": renamed})
    assert len(await mail.mails_to(renamed)) == 5


async def test_what_is_guessed_or_of_another_tenant_or_purpose_is_refused_in_one_way(
    anonymous, world, make_tenant, reset_token
):
    other = await world.catalogue.find(await make_tenant())
    foreign = f"{other.id}.{reset_token.partition('.')[2]}"
    wrong_purpose = await anonymous.ask("POST", ACCEPT, {"token": reset_token} | NEWCOMER)
    refused = [
        await reset(anonymous, token)
        for token in ("guess", foreign, f"{reset_token}x", "nowhere.x", f"{other.id}.")
    ]
    assert {refusal(answer) for answer in refused} == {refusal(wrong_purpose)}
    assert wrong_purpose.body["code"] == "accounts.link_invalid"


async def test_a_link_that_was_used_is_refused_like_a_guess(anonymous, reset_token):
    assert (await reset(anonymous, reset_token)).status == 200
    assert refusal(await reset(anonymous, reset_token)) == refusal(await reset(anonymous, "guess"))


async def test_a_link_from_before_a_new_password_is_refused_like_a_guess(anonymous, user, reset_token):
    body = {"current_password": PASSWORD, "new_password": "another correct horse battery"}
    assert (await user.ask("POST", "/api/v2/auth/password", body)).status == 200
    assert refusal(await reset(anonymous, reset_token)) == refusal(await reset(anonymous, "guess"))


async def test_an_expired_link_is_refused_like_a_guess(anonymous, world, tenant, reset_token):
    async with world.databases.begin(await world.catalogue.find(tenant)) as tx:
        await tx.users._statements.execute("UPDATE account_links SET expires_at = created_at")
    assert refusal(await reset(anonymous, reset_token)) == refusal(await reset(anonymous, "guess"))


async def test_a_link_used_many_times_at_once_is_used_once(anonymous, reset_token):
    answers = await asyncio.gather(*(reset(anonymous, reset_token) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]


async def test_an_invitation_makes_an_account_with_its_address_and_role(anonymous, tenant, admin, mail):
    address = f"new@{tenant}.example.com"
    token = await invited(admin, mail, address, role="read_only")
    body = {"token": token} | NEWCOMER
    made = await anonymous.ask("POST", ACCEPT, body)
    assert made.status == 201
    assert (made.body["data"]["email"], made.body["data"]["role"]) == (address, "read_only")
    assert (await anonymous.ask("POST", ACCEPT, body | {"username": "again"})).status == 400
    for version in (1, 2):
        await anonymous.log_in(tenant, "newcomer", NEW_PASSWORD, version)


async def test_nobody_gives_a_role_beyond_the_own(admin, user):
    for client, role in ((admin, "system_admin"), (user, "read_only")):
        answer = await client.ask("POST", INVITE, {"email": "x@example.com", "role": role})
        assert (answer.status, answer.body["code"]) == (403, "auth.permission_denied")


async def test_an_invitation_of_who_may_not_invite_any_more_is_void(anonymous, world, tenant, admin, mail):
    token = await invited(admin, mail, f"new@{tenant}.example.com")
    async with world.databases.begin(await world.catalogue.find(tenant)) as tx:
        await tx.users._statements.execute("UPDATE users SET role = 'user' WHERE username = 'admin'")
    body = {"token": token} | NEWCOMER
    answer = await anonymous.ask("POST", ACCEPT, body)
    assert (answer.status, answer.body["code"]) == (400, "accounts.link_invalid")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "x@example.com", "role": "emperor"}, "role"),
        ({}, "email"),
    ],
)
async def test_an_invitation_needs_an_address_and_a_known_role(admin, body, field):
    answer = await admin.ask("POST", INVITE, body)
    assert (answer.status, set(answer.body["errors"])) == (400, {field})


async def test_who_is_there_already_is_not_invited(admin):
    answer = await admin.ask("POST", INVITE, {"email": "user@example.com"})
    assert (answer.status, answer.body["code"]) == (409, "users.exists")
