"""Signing up, and confirming the e-mail address."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from service.application.account_links import add_link, find_tenant_of, post, use_up
from service.application.accounts import find_active_tenant
from service.application.password_checks import find_account_problems
from service.application.users import store_user
from service.application.world import World
from service.domain.audit import done_to_self
from service.domain.emails import spell_email
from service.domain.errors import InvalidInput, SignupClosed
from service.domain.identity import NOWHERE, Origin
from service.domain.mails import verification_mail
from service.domain.passwords import PasswordPolicy
from service.domain.users import NewUser, User


class Signup(Struct, frozen=True):
    """What a person types. Never shown: it holds the password."""

    username: str
    email: str
    password: str
    tenant: str

    def __repr__(self) -> str:
        return "Signup(***)"


async def sign_up(world: World, signup: Signup, policy: PasswordPolicy, origin: Origin = NOWHERE) -> User:
    """A user who can log in once the e-mail address is confirmed, or at once where the tenant says so.

    Raises:
        TenantNotFound: no such tenant.
        SignupClosed: the tenant lets nobody sign up.
        InvalidInput: with all that is wrong.
        UserExists: the name or the e-mail is taken.
    """
    tenant = await find_active_tenant(world, signup.tenant)
    rule = (await world.configurations.settings(tenant)).signup
    if rule == "closed":
        raise SignupClosed
    new = NewUser(signup.username, spell_email(signup.email), "user", signup.password)
    problems = await find_account_problems(world, policy, new, tenant.slug, tenant.name)
    if problems:
        raise InvalidInput.of(problems)
    password_hash = await world.hasher.hash(signup.password)
    async with world.databases.begin(tenant) as tx:
        user = await store_user(tx, new, password_hash, is_active=rule == "open")
        tx.audit.record(done_to_self(user, origin, "users.created", {"role": user.role}))
        token = "" if user.active else await add_link(world, tx, tenant, "verify", user)
    if token:
        post(world, verification_mail(user.email, tenant.name, world.pages, token))
    return user


async def confirm_email(world: World, token: str, origin: Origin = NOWHERE) -> User:
    """The account is active from now on. Raises LinkInvalid."""
    tenant = await find_tenant_of(world, token)
    async with world.databases.begin(tenant) as tx:
        _, user = await use_up(tx, token, "verify")
        confirmed = replace(user, active=True, updated_at=tx.now)
        await tx.users.update(confirmed)
        tx.audit.record(done_to_self(user, origin, "users.updated", {"fields": ["active"]}))
    return confirmed
