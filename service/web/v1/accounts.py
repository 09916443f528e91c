"""Login, logout and the token's own account, as v1 clients know them."""

from __future__ import annotations

from aiohttp import web

from service.application.accounts import Login, Ticket, log_in, log_out, refresh
from service.application.sessions import refresh_by_token
from service.application.signup import Signup, sign_up
from service.domain.errors import InvalidInput, UserExists
from service.domain.passwords import V1_SIGNUP
from service.web.requests import device_of, origin_of, read_json, required_texts
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.state import SETTINGS, WORLD


async def login(request: web.Request) -> web.Response:
    body = await read_json(request)
    name, password, tenant = required_texts(body, "username_or_email", "password", "tenant_id")
    settings = request.app[SETTINGS]
    ticket = await log_in(
        request.app[WORLD],
        Login(name, password, tenant),
        life_s=settings.max_age_s,
        rules=settings.family_rules,
        device=device_of(request),
        origin=origin_of(request),
    )
    return success(_ticket_body(ticket), message="Login successfully")


async def signup(request: web.Request) -> web.Response:
    body = await read_json(request)
    name, email, password, tenant = required_texts(body, "username", "email", "password", "tenant_id")
    asked = Signup(name, email, password, tenant)
    try:
        await sign_up(request.app[WORLD], asked, V1_SIGNUP, origin_of(request))
    except UserExists as error:
        # The old contract's status and words, also where it is the address that is taken.
        raise InvalidInput(f"User '{name}' is already registered") from error
    return success("", message="Signup successfully")


async def logout(request: web.Request) -> web.Response:
    await log_out(request.app[WORLD], actor_of(request))
    return success("", message="Logout successfully")


async def renew(request: web.Request) -> web.Response:
    life_s = request.app[SETTINGS].max_age_s
    ticket = await refresh(request.app[WORLD], actor_of(request), life_s=life_s)
    return success(_ticket_body(ticket), message="ok")


async def renew_by_token(request: web.Request) -> web.Response:
    """As a later version of the old service had it, but without asking for the bearer token as well."""
    secret, tenant = required_texts(await read_json(request), "refresh_token", "tenant_id")
    settings = request.app[SETTINGS]
    ticket = await refresh_by_token(
        request.app[WORLD],
        secret,
        tenant,
        life_s=settings.max_age_s,
        rules=settings.family_rules,
        origin=origin_of(request),
    )
    return success(_ticket_body(ticket), message="ok")


async def show_me(request: web.Request) -> web.Response:
    actor = actor_of(request)
    data = {
        "username": actor.username,
        "login_session": actor.session_id,
        "tenant_id": actor.tenant_slug,
        "role": actor.role,
    }
    return success(data, message="ok")


def _ticket_body(ticket: Ticket) -> dict[str, object]:
    body = {
        "token": ticket.token,
        "access_token": ticket.token,
        "token_type": "bearer",
        "expires_in": ticket.expires_in_s,
        "tenant_id": ticket.tenant_slug,
    }
    return body if ticket.refresh_token is None else body | {"refresh_token": ticket.refresh_token}


ROUTES = (
    Route(
        1,
        "POST",
        "/auth/signup",
        signup,
        is_public=True,
        counted="authentication",
        successor="/auth/signup",
    ),
    Route(
        1, "POST", "/auth/login", login, is_public=True, counted="authentication", successor="/auth/login"
    ),
    Route(1, "POST", "/auth/logout", logout, permission="self", successor="/auth/logout"),
    Route(1, "POST", "/auth/refresh", renew, permission="self", successor="/auth/refresh"),
    Route(
        1,
        "POST",
        "/auth/refresh-token",
        renew_by_token,
        is_public=True,
        counted="authentication",
        successor="/auth/refresh",
    ),
    Route(1, "GET", "/auth/me", show_me, permission="self", successor="/auth/me"),
)
