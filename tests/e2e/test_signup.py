"""Signing up and confirming the address, in both versions."""

import pytest
from http_client import PASSWORD

V2, V1 = "/api/v2/auth/signup", "/api/auth/signup"
LOGIN = "/api/v2/auth/login"


def ada(tenant, **changed):
    email = f"ada@{tenant}.example.com"
    return {"username": "ada", "email": email, "password": PASSWORD, "tenant_id": tenant} | changed


def credentials(tenant, password=PASSWORD):
    return {"username_or_email": "ada", "password": password, "tenant_id": tenant}


async def set_signup(admin, tenant, choice):
    body = {"settings": {"accounts.signup": choice}}
    answer = await admin.ask("PATCH", f"/api/v2/tenants/{tenant}/config", body)
    assert answer.status == 200, answer.raw


async def test_who_signs_up_logs_in_after_confirming_the_address(anonymous, tenant, mail):
    made = await anonymous.ask("POST", V2, ada(tenant))
    assert made.status == 201
    data = made.body["data"]
    assert (data["username"], data["role"], data["active"]) == ("ada", "user", False)
    assert PASSWORD.encode() not in made.raw
    assert (await anonymous.ask("POST", LOGIN, credentials(tenant))).status == 401

    token = await mail.token_for(f"ada@{tenant}.example.com")
    assert (await anonymous.ask("POST", "/api/v2/auth/verify", {"token": token})).status == 200
    assert (await anonymous.ask("POST", LOGIN, credentials(tenant))).status == 200


async def test_the_old_signup_answers_as_it_did(anonymous, tenant, mail):
    first = await anonymous.ask("POST", V1, ada(tenant, password="12345678"))
    assert (first.status, first.body["message"], first.body["data"]) == (200, "Signup successfully", "")
    second = await anonymous.ask("POST", V1, ada(tenant))
    assert (second.status, second.body["message"]) == (400, "User 'ada' is already registered")

    token = await mail.token_for(f"ada@{tenant}.example.com")
    await anonymous.ask("POST", "/api/v2/auth/verify", {"token": token})
    await anonymous.log_in(tenant, "ada", "12345678", version=1)


@pytest.mark.parametrize("path", [V1, V2])
async def test_an_open_tenant_asks_for_no_mail(anonymous, tenant, admin, mail, path):
    await set_signup(admin, tenant, "open")
    assert (await anonymous.ask("POST", path, ada(tenant))).status in {200, 201}
    await anonymous.log_in(tenant, "ada")
    assert await mail.mails_to(f"ada@{tenant}.example.com") == []


@pytest.mark.parametrize("path", [V1, V2])
async def test_a_closed_tenant_lets_nobody_sign_up(anonymous, tenant, admin, path):
    await set_signup(admin, tenant, "closed")
    answer = await anonymous.ask("POST", path, ada(tenant))
    assert (answer.status, answer.body["code"]) == (403, "accounts.signup_closed")


@pytest.mark.parametrize(
    "taken", [{"email": "other@example.com", "username": "user"}, {"email": "user@example.com"}]
)
async def test_a_name_or_address_that_is_taken_is_a_conflict(anonymous, tenant, taken):
    answer = await anonymous.ask("POST", V2, ada(tenant, **taken))
    assert (answer.status, answer.body["code"]) == (409, "users.exists")


async def test_all_problems_of_a_signup_are_told_by_field(anonymous, tenant):
    answer = await anonymous.ask("POST", V2, ada(tenant, username=" ", email="nobody", password="qwerty"))
    assert answer.status == 400
    answer = await anonymous.ask("POST", V2, ada(tenant, username=" a", email="nobody", password="qwerty"))
    assert set(answer.body["errors"]) == {"username", "email", "password"}
    assert answer.body["errors"]["password"][:2] == [
        "must be 12 to 1024 characters long",
        "is among the most common passwords",
    ]


@pytest.mark.parametrize("path", [V1, V2])
async def test_an_unknown_tenant_is_said_to_be_one(anonymous, path):
    answer = await anonymous.ask("POST", path, ada("nowhere"))
    assert (answer.status, answer.body["code"]) == (404, "tenants.not_found")


async def test_who_lost_the_first_mail_gets_another(anonymous, tenant, mail):
    address = f"ada@{tenant}.example.com"
    await anonymous.ask("POST", V2, ada(tenant))
    await anonymous.ask("POST", "/api/v2/auth/password/forgot", {"tenant_id": tenant, "email": address})
    assert len(await mail.mails_to(address)) == 2
    answer = await anonymous.ask("POST", "/api/v2/auth/verify", {"token": await mail.token_for(address)})
    assert answer.status == 200


async def test_who_is_shut_out_before_confirming_stays_out(anonymous, tenant, admin, mail):
    address = f"ada@{tenant}.example.com"
    made = await anonymous.ask("POST", V2, ada(tenant))
    assert (await admin.ask("DELETE", f"/api/v2/users/{made.body['data']['id']}")).status == 200
    answer = await anonymous.ask("POST", "/api/v2/auth/verify", {"token": await mail.token_for(address)})
    assert (answer.status, answer.body["code"]) == (400, "accounts.link_invalid")
    await anonymous.ask("POST", "/api/v2/auth/password/forgot", {"tenant_id": tenant, "email": address})
    assert len(await mail.mails_to(address)) == 1
