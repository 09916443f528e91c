"""Every route, by every role, on what is the own tenant's, another's and a suspended one's: one cell each.

What is expected follows from the permission that stands beside the route, and from the table of roles here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import msgspec
import pytest
from contracts.builders import a_contact, a_user
from http_client import PASSWORD

from service.application.accounts import issue_ticket, open_session
from service.domain.access import PERMISSIONS, ROLES
from service.domain.tenants import Tenant
from service.web.app import ROUTES
from service.web.routes import endpoints

READER = {"contacts:read", "contacts:export", "users:read", "sessions:read", "sessions:delete"}
USER = READER | {"contacts:create", "contacts:update", "contacts:delete", "contacts:import"}
ADMIN = USER | {
    *("users:create", "users:update", "users:delete", "users:manage"),
    *("configuration:manage", "contacts:manage", "audit:read", "audit:export"),
}
MAY = {
    "system_admin": ADMIN | {"tenants:manage"},
    "tenant_admin": ADMIN,
    "user": USER,
    "read_only": READER,
    "emperor": set(),
}
REACHES_OTHERS = {("system_admin", "tenants:manage"), ("system_admin", "configuration:manage")}
SELF = {("POST", "/auth/logout"), ("POST", "/auth/logout-all"), ("POST", "/auth/password")}

OPERATIONS = [(route, path) for _, path, endpoint in endpoints(ROUTES) for route in endpoint.routes]
WITH_ID = [operation for operation in OPERATIONS if "{id}" in operation[1]]

PERSON_V1 = {"name": "Ada", "gender": False, "age": 1, "address": "", "phone": "", "email": ""}
BODIES = {
    "/address-book": PERSON_V1,
    "/address-book/{id}": PERSON_V1,
    "/contacts": {"last_name": "King"},
    "/contacts/{id}": {"last_name": "King"},
    "/contacts/import": b"first_name,last_name\nAda,King\n",
    "/auth/password": {"current_password": PASSWORD, "new_password": PASSWORD},
    "/tenants/{id}": {"tenant_name": "Mine"},
    "/users/{id}": {"active": True},
    "/users/{id}/roles": {"role": "read_only"},
}
numbers = itertools.count(1)
MOST_CONTACTS = 2000


def body_of(route):
    """One that would do, so that only the caller is in question."""
    if route.method in {"GET", "DELETE"}:
        return None
    if route.path == "/users":
        name = f"new{next(numbers)}"
        return {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    if route.path == "/users/invitations":
        return {"email": f"new{next(numbers)}@example.com"}
    if route.path == "/tenants":
        return {"slug": f"new{next(numbers)}"}
    return BODIES.get(route.path, {})


@dataclass
class House:
    """A tenant, and in it somebody of each role with a token."""

    world: object
    client: object
    tenant: Tenant
    password_hash: str
    people: dict
    clients: dict

    @classmethod
    async def build(cls, world, client):
        tenant = await world.catalogue.provision(f"matrix{next(numbers)}", "Matrix")
        house = cls(world, client, tenant, await world.hasher.hash(PASSWORD), {}, {None: client})
        for role in MAY:
            house.people[role], house.clients[role] = await house.somebody(role)
        return house

    async def count_on(self):
        """To numbers that no other has: of one that is in both, nobody could say whose was found."""
        async with self.world.databases.begin(self.tenant) as tx:
            await tx.contacts.insert_many([a_contact() for _ in range(MOST_CONTACTS)])

    async def somebody(self, role):
        """A role that is not known stands in the token alone: no database holds it."""
        stored = role if role in ROLES else "system_admin"
        user = a_user(f"{role}{next(numbers)}", role=stored, password_hash=self.password_hash)
        async with self.world.databases.begin(self.tenant) as tx:
            await tx.users.insert(user)
            session = await open_session(tx, user, 600)
        signed = msgspec.structs.replace(user, role=role)
        ticket = issue_ticket(self.world, self.tenant, signed, session, 600)
        return user, self.client.bearing(ticket.token)

    async def client_for(self, route, role):
        """One who is not needed any more, where the route ends sessions."""
        if role is not None and (route.method, route.path) in SELF:
            return (await self.somebody(role))[1]
        return self.clients[role]

    async def id_for(self, route, role):
        """Of something new that the route is about; of the person in the role where it must be theirs."""
        if route.path.startswith("/tenants/"):
            return str(self.tenant.id)
        async with self.world.databases.begin(self.tenant) as tx:
            if route.path.startswith("/users/"):
                user = a_user(f"subject{next(numbers)}", role="read_only")
                await tx.users.insert(user)
                return str(user.id)
            if route.path.startswith("/auth/sessions/"):
                owner = self.people.get(role) or self.people["user"]
                return str((await open_session(tx, owner, 600)).id)
            contact = await tx.contacts.insert(a_contact())
        return str(contact.number if route.version == 1 else contact.id)


def call(client, route, path, found):
    headers = {"Accept_Version": f"v{route.version}"}
    if route.path == "/contacts/import":
        headers["Content_Type"] = "text/csv"
    return client.ask(route.method, path.replace("{id}", found), body_of(route), **headers)


OPEN, UNKNOWN, REFUSED, HIDDEN = "open", "auth.token_invalid", "auth.permission_denied", "not_found"


def expected(route, role, where):
    if route.is_public:
        return OPEN
    if role is None or where == "suspended":
        return UNKNOWN
    if route.permission == "self":
        return OPEN
    if route.permission not in MAY[role]:
        return REFUSED
    if where == "other" and (role, route.permission) not in REACHES_OTHERS:
        return HIDDEN
    return OPEN


def outcome(answer, route):
    """Whether somebody was let in: what the rules of the subject say then is another question."""
    code = answer.body["code"] if answer.status in {400, 401, 403, 404} else ""
    if code in {UNKNOWN, REFUSED}:
        return code
    if answer.status == 404 and code.endswith("not_found"):
        return HIDDEN
    let_in = {200, 201, 202, 204, 409} | ({400} if route.is_public else set())
    return OPEN if answer.status in let_in else f"{answer.status} {code}"


def test_the_roles_have_the_permissions_of_this_table():
    held = {role: {grant.permission for grant in granted} for role, granted in ROLES.items()}
    assert held == {role: MAY[role] for role in ROLES}


def test_every_route_that_is_not_public_declares_a_permission():
    undeclared = {path for route, path in OPERATIONS if not route.is_public and not is_declared(route)}
    assert undeclared == set()


def is_declared(route):
    return route.permission in {"self", *PERMISSIONS}


@pytest.fixture(scope="module")
async def houses(world, anonymous):
    """`other` is renamed, suspended and resumed by some cells."""
    names = ("own", "other", "suspended")
    built = {name: await House.build(world, anonymous) for name in names}
    suspended = built["suspended"].tenant
    await built["other"].count_on()
    await world.catalogue.update(msgspec.structs.replace(suspended, status="suspended"), expected="active")
    return built


def cells():
    for route, path in OPERATIONS:
        for role in (*MAY, None):
            for where in ("own", "other", "suspended") if "{id}" in path else ("own", "suspended"):
                yield route, path, role, where


async def ask_cell(houses, route, path, role, where):
    here = houses["suspended" if where == "suspended" else "own"]
    there = houses[where]
    client = await here.client_for(route, role)
    if (route.method, route.path, where, role) == ("DELETE", "/tenants/{id}", "other", "system_admin"):
        doomed = await here.world.catalogue.provision(f"doomed{next(numbers)}", "Doomed")
        return await call(client, route, path, str(doomed.id))
    found = await there.id_for(route, role) if "{id}" in path else ""
    return await call(client, route, path, found)


async def test_every_cell_of_the_matrix_is_as_declared(houses):
    wrong, count = [], 0
    for route, path, role, where in cells():
        answer = await ask_cell(houses, route, path, role, where)
        got, wanted = outcome(answer, route), expected(route, role, where)
        count += 1
        if got != wanted:
            wrong.append((route.version, route.method, path, role, where, got, wanted))
    print(f"{count} cells of {len(OPERATIONS)} operations")  # noqa: T201  shown with -rP
    assert wrong == []


NOBODYS = {1: "999999", 2: "018cc251-f400-7000-8000-00000000ffff"}


def told(answer, found):
    """All of the answer but what is of this one request, or was sent with it."""
    passing = {"X-Request-ID", "Date", "Content-Length"}
    headers = {name: value for name, value in answer.headers.items() if name not in passing}
    body = {name: value for name, value in answer.body.items() if name != "request_id"}
    return answer.status, headers, str(body).replace(found, "ID")


@pytest.fixture(scope="module")
async def neighbours(world, anonymous):
    here, there = [await House.build(world, anonymous) for _ in range(2)]
    await there.count_on()
    return here, there


@pytest.mark.parametrize("role", MAY)
async def test_the_ids_of_another_tenant_are_as_those_that_nobody_has(neighbours, role):
    (here, there), wrong = neighbours, []
    for route, path in WITH_ID:
        if (role, route.permission) in REACHES_OTHERS:
            continue
        theirs, nobodys = await there.id_for(route, None), NOBODYS[route.version]
        answers = [
            told(await call(here.clients[role], route, path, found), found) for found in (theirs, nobodys)
        ]
        if answers[0] != answers[1] or answers[0][0] not in {403, 404}:
            wrong.append((route.method, path, *answers))
    assert wrong == []
