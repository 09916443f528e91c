"""Login, logout and the token's own account, as v1 clients know them."""

from __future__ import annotations

from aiohttp import web

from service.application.accounts import Login, Ticket, log_in, log_out, refresh
from service.web.requests import read_json, required_texts
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.state import SETTINGS, WORLD


async def login(request: web.Request) -> web.Response:
    body = await read_json(request)
    name, password, tenant = required_texts(body, "username_or_email", "password", "tenant_id")
    ticket = await log_in(
        request.app[WORLD], Login(name, password, tenant), life_s=request.app[SETTINGS].max_age_s
    )
    return success(_ticket_body(ticket), message="Login successfully")


async def logout(request: web.Request) -> web.Response:
    await log_out(request.app[WORLD], actor_of(request))
    return success("", message="Logout successfully")


async def renew(request: web.Request) -> web.Response:
    life_s = request.app[SETTINGS].max_age_s
    ticket = await refresh(request.app[WORLD], actor_of(request), life_s=life_s)
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
    return {
        "token": ticket.token,
        "access_token": ticket.token,
        "token_type": "bearer",
        "expires_in": ticket.expires_in_s,
        "tenant_id": ticket.tenant_slug,
    }


ROUTES = (
    Route(1, "POST", "/auth/login", login, is_public=True, successor="/auth/login"),
    Route(1, "POST", "/auth/logout", logout, successor="/auth/logout"),
    Route(1, "POST", "/auth/refresh", renew, successor="/auth/login"),
    Route(1, "GET", "/auth/me", show_me, successor="/auth/me"),
)
