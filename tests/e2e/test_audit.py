"""The audit over HTTP: each act leaves exactly one entry: who did what, from where, in which request."""

import asyncio
import csv
import io
import json

import pytest
from http_client import PASSWORD, serve

from service.application.users import insert_user
from service.domain.users import NewUser
from service.settings import Settings

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}
ADDRESS = "127.0.0.1"


async def entries(admin, **where):
    """All but those of looking at the audit, oldest first."""
    query = "&".join(f"{name}={value}" for name, value in where.items())
    answer = await admin.ask("GET", f"/api/v2/audit?per_page=500&{query}")
    assert answer.status == 200, answer.raw
    return [entry for entry in answer.body["data"][::-1] if entry["action"] != "audit.read"]


async def acts_of(admin, request_id):
    return [entry for entry in await entries(admin) if entry["request_id"] == request_id]


async def did(client, admin, method, path, body=None, request_id="the-act", **headers):
    """The answer, and the one entry that the request left."""
    answer = await client.ask(method, path, body, X_Request_ID=request_id, **headers)
    (entry,) = await acts_of(admin, request_id)
    return answer, entry


async def made(user):
    return (await user.ask("POST", "/api/v2/contacts", ADA)).body["data"]["id"]


async def test_a_contact_that_is_made_is_an_entry(user, admin):
    answer, entry = await did(user, admin, "POST", "/api/v2/contacts", ADA)
    contact = answer.body["data"]
    assert (entry["action"], entry["kind"]) == ("contacts.created", "data")
    assert entry["subject"] == {"type": "contact", "id": contact["id"]}
    assert entry["actor"]["user_id"] == contact["user_id"]
    assert (entry["actor"]["username"], entry["actor"]["role"]) == ("user", "user")
    assert entry["actor"]["session_id"]
    assert entry["actor"]["address"] == ADDRESS


async def test_a_change_names_its_fields_and_not_what_is_in_them(user, admin):
    path = f"/api/v2/contacts/{await made(user)}"
    _, entry = await did(user, admin, "PATCH", path, {"phone": "+1 202 555 0123", "address": "Elm St"})
    assert (entry["action"], entry["details"]) == ("contacts.updated", {"fields": ["phone", "address"]})
    assert "555" not in json.dumps(entry)


@pytest.mark.parametrize(
    ("method", "path", "action", "details"),
    [
        ("DELETE", "/contacts/{id}", "contacts.deleted", {}),
        ("GET", "/contacts/{id}", "contacts.read", {}),
        ("GET", "/contacts", "contacts.listed", {"count": 1}),
        ("GET", "/contacts/groups", "contacts.listed", {"count": 1}),
        ("GET", "/contacts/export?format=csv", "contacts.exported", {"format": "csv"}),
        ("POST", "/auth/logout", "logout", {}),
        ("POST", "/auth/logout-all", "sessions.ended", {"count": 1}),
    ],
)
async def test_each_act_is_one_entry(user, admin, method, path, action, details):
    contact_id = await made(user)
    _, entry = await did(user, admin, method, f"/api/v2{path.format(id=contact_id)}")
    assert (entry["action"], entry["details"]) == (action, details)


async def test_a_filtered_page_of_v1_is_one_entry(user, admin):
    await made(user)
    _, entry = await did(user, admin, "GET", "/api/address-book/filter?cursor=1")
    assert entry["action"] == "contacts.listed"


async def test_an_import_is_one_entry_with_its_counts(user, admin):
    file = b"last_name,email\nA,a@example.org\nB,b@example.org\nB,b@example.org\n"
    _, entry = await did(user, admin, "POST", "/api/v2/contacts/import", file, Content_Type="text/csv")
    assert entry["details"] == {"imported": 2, "duplicates": 1, "rejected": 0}


async def test_logins_are_entries_and_passwords_are_not_in_them(anonymous, admin, tenant):
    typed = {"username_or_email": "user", "password": "a wrong guess", "tenant_id": tenant}
    _, failed = await did(anonymous, admin, "POST", "/api/v2/auth/login", typed)
    assert (failed["action"], failed["details"]) == ("login.failed", {"reason": "wrong_password"})
    assert failed["actor"]["username"] == "user"
    assert failed["actor"]["address"] == ADDRESS
    await anonymous.ask("POST", "/api/v2/auth/login", typed | {"username_or_email": "secret42"})
    await anonymous.ask("POST", "/api/v2/auth/login", typed | {"password": PASSWORD}, X_Request_ID="in")
    (entry,) = await acts_of(admin, "in")
    assert (entry["action"], entry["actor"]["username"]) == ("login.succeeded", "user")
    written = json.dumps(await entries(admin))
    assert not [word for word in ("guess", "secret42", PASSWORD) if word in written]
    assert "unknown_user" in written


async def test_a_refresh_and_its_reuse_are_entries(world, tenant, admin):
    async with serve(world, Settings(refresh_grace_s=0)) as client:
        typed = {"username_or_email": "user", "password": PASSWORD, "tenant_id": tenant}
        first = (await client.ask("POST", "/api/v2/auth/login", typed)).body["data"]
        body = {"refresh_token": first["refresh_token"], "tenant_id": tenant}
        _, entry = await did(client, admin, "POST", "/api/v2/auth/refresh", body)
        assert entry["action"] == "session.refreshed"
        again = await client.ask("POST", "/api/v2/auth/refresh", body, X_Request_ID="again")
    (entry,) = await acts_of(admin, "again")
    assert (again.status, entry["action"]) == (401, "session.reuse_detected")


async def test_a_new_password_is_an_entry(user, admin):
    body = {"current_password": PASSWORD, "new_password": "another correct horse battery"}
    _, entry = await did(user, admin, "POST", "/api/v2/auth/password", body)
    assert (entry["action"], entry["details"]) == ("password.changed", {"sessions_ended": 0})


async def test_what_administrators_do_with_users_is_an_entry_each(admin):
    person = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
    answer, entry = await did(admin, admin, "POST", "/api/v2/users", person)
    path = f"/api/v2/users/{answer.body['data']['id']}"
    assert (entry["action"], entry["actor"]["username"]) == ("users.created", "admin")
    _, entry = await did(admin, admin, "PUT", f"{path}/roles", {"role": "read_only"}, "role")
    details = {"fields": ["role"], "role": "read_only", "active": True}
    assert (entry["action"], entry["details"]) == ("users.updated", details)
    _, entry = await did(admin, admin, "POST", f"{path}/unlock", None, "unlock")
    assert (entry["action"], entry["subject"]["id"]) == ("users.unlocked", answer.body["data"]["id"])
    _, entry = await did(
        admin, admin, "POST", "/api/v2/users/invitations", {"email": "x@example.com"}, "invite"
    )
    assert (entry["action"], entry["details"]) == ("users.invited", {"role": "user"})


async def test_what_is_done_by_links_is_of_whose_account_it_is(anonymous, tenant, admin, mail):
    address = f"eve@{tenant}.example.com"
    person = {"username": "eve", "email": address, "password": PASSWORD, "tenant_id": tenant}
    _, entry = await did(anonymous, admin, "POST", "/api/v2/auth/signup", person)
    assert (entry["action"], entry["actor"]["username"]) == ("users.created", "eve")
    confirm = {"token": await mail.token_for(address)}
    _, entry = await did(anonymous, admin, "POST", "/api/v2/auth/verify", confirm, "confirm")
    assert (entry["action"], entry["actor"]["username"]) == ("users.updated", "eve")
    forgotten = {"tenant_id": tenant, "email": address}
    await anonymous.ask("POST", "/api/v2/auth/password/forgot", forgotten)
    reset = {"token": await mail.token_for(address), "new_password": "seven otters juggle quietly"}
    _, entry = await did(anonymous, admin, "POST", "/api/v2/auth/password/reset", reset, "reset")
    assert (entry["action"], entry["actor"]["address"]) == ("password.changed", ADDRESS)


async def test_a_refusal_is_an_entry_though_its_transaction_was_rolled_back(anonymous, tenant, admin):
    reader = await anonymous.log_in(tenant, "reader")
    answer, entry = await did(reader, admin, "POST", "/api/v2/contacts", ADA)
    assert (answer.status, entry["action"], entry["kind"]) == (403, "permission.denied", "authorisation")
    assert entry["subject"] == {"type": "route", "id": "POST /api/v2/contacts"}
    assert "contacts:create" in entry["details"]["reason"]


async def test_what_was_refused_by_a_rule_leaves_no_entry(user, admin):
    await made(user)
    answer = await user.ask("POST", "/api/v2/contacts", ADA, X_Request_ID="twice")
    assert (answer.status, await acts_of(admin, "twice")) == (409, [])


async def test_users_made_by_the_operator_are_entries_without_an_actor(admin):
    found = await entries(admin, action="users.created")
    assert [entry["details"]["role"] for entry in found] == ["tenant_admin", "user", "user", "read_only"]
    assert found[0]["actor"]["user_id"] is None


async def test_another_tenant_sees_nothing_of_it(anonymous, make_tenant, user, admin):
    await made(user)
    other = await anonymous.log_in(await make_tenant(), "admin")
    assert not [entry for entry in await entries(other) if entry["action"] == "contacts.created"]
    assert [entry for entry in await entries(admin) if entry["action"] == "contacts.created"]


@pytest.mark.parametrize("path", ["", "/export", "/verify"])
async def test_only_administrators_read_it(user, path):
    assert (await user.ask("GET", f"/api/v2/audit{path}")).status == 403


async def test_pages_go_back_to_the_first_entry(admin):
    found, path = [], "/api/v2/audit?per_page=2&kind=data&action=users.created"
    page = (await admin.ask("GET", path)).body
    while page["pagination"]["next_cursor"]:
        found += page["data"]
        page = (await admin.ask("GET", f"{path}&cursor={page['pagination']['next_cursor']}")).body
    assert [entry["seq"] for entry in found + page["data"]] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    "query", ["kind=x", "from=yesterday", "to=2026-01-01T00:00:00", "cursor=a", "who=me", "per_page=0"]
)
async def test_what_is_asked_wrongly_is_refused(admin, query):
    answer = await admin.ask("GET", f"/api/v2/audit?{query}")
    assert (answer.status, answer.body["code"]) == (400, "request.invalid")


async def test_it_is_taken_along_as_lines_and_as_a_table(user, admin):
    await made(user)
    lines = (await admin.ask("GET", "/api/v2/audit/export?kind=data")).raw.splitlines()
    table = await admin.ask("GET", "/api/v2/audit/export?format=csv&kind=data")
    rows = list(csv.DictReader(io.StringIO(table.raw.decode())))
    read = [json.loads(line) for line in lines]
    assert read[-1]["action"] == "contacts.created"
    assert "audit.exported" in [row["action"] for row in rows]
    assert [row["hash"] for row in rows[: len(read)]] == [entry["hash"] for entry in read]


async def test_the_chain_is_whole_after_much_at_once(user, admin):
    people = [ADA | {"email": f"p{number}@example.org"} for number in range(20)]
    await asyncio.gather(*(user.ask("POST", "/api/v2/contacts", person) for person in people))
    await entries(admin)
    report = (await admin.ask("GET", "/api/v2/audit/verify")).body["data"]
    assert (report["is_intact"], report["broken"], report["pruned"]) == (True, None, 0)
    assert report["checked"] == report["head"]["seq"] >= 20


async def test_a_session_that_is_ended_is_an_entry(anonymous, tenant, user, admin):
    other = await anonymous.log_in(tenant)
    sessions = (await other.ask("GET", "/api/v2/auth/sessions")).body["data"]
    ended = next(session["id"] for session in sessions if not session["is_current"])
    _, entry = await did(other, admin, "DELETE", f"/api/v2/auth/sessions/{ended}")
    assert (entry["action"], entry["subject"]) == ("session.ended", {"type": "session", "id": ended})


async def test_a_right_password_of_an_inactive_user_is_a_failed_login(world, anonymous, tenant, admin):
    new = NewUser("gone", "gone@example.com", "user", PASSWORD)
    found = await world.catalogue.find(tenant)
    made_user = await insert_user(world, found, new, await world.hasher.hash(PASSWORD))
    async with world.databases.begin(found) as tx:
        await tx.users._statements.execute("UPDATE users SET active = false WHERE id = $1", made_user.id)
    typed = {"username_or_email": "gone", "password": PASSWORD, "tenant_id": tenant}
    answer, entry = await did(anonymous, admin, "POST", "/api/v2/auth/login", typed)
    assert (answer.status, entry["action"]) == (401, "login.failed")
    assert (entry["details"], entry["subject"]["id"]) == ({"reason": "inactive"}, str(made_user.id))
