"""Login, logout and the own account."""

from __future__ import annotations

from aiohttp import web

from service.application.accounts import Login, Ticket, log_in, log_out, read_profile
from service.application.passwords import change_password
from service.domain.access import Decision, decide, list_permissions, parse_permission
from service.domain.errors import InvalidInput
from service.web.paging import find_unknown
from service.web.requests import device_of, origin_of, read_json, require_none, required_texts
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.state import SETTINGS, WORLD
from service.web.transactions import transaction


async def login(request: web.Request) -> web.Response:
    body = await read_json(request)
    name, password, tenant = required_texts(body, "username_or_email", "password", "tenant_id")
    settings = request.app[SETTINGS]
    ticket = await log_in(
        request.app[WORLD],
        Login(name, password, tenant),
        life_s=settings.access_token_ttl_s,
        rules=settings.family_rules,
        device=device_of(request),
        origin=origin_of(request),
    )
    return success(ticket_body(ticket))


async def logout(request: web.Request) -> web.Response:
    await log_out(request.app[WORLD], actor_of(request))
    return success(None)


async def show_me(request: web.Request) -> web.Response:
    actor = actor_of(request)
    async with transaction(request) as tx:
        user = await read_profile(tx, actor)
    data = {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "role": user.role,
        "permissions": list(list_permissions(actor)),
        "tenant_id": actor.tenant_slug,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }
    return success(data)


async def show_permissions(request: web.Request) -> web.Response:
    """All that the caller has; or, of the one that is named, whether, and which rule says so."""
    actor = actor_of(request)
    require_none(find_unknown(request.query, ("permission",)))
    named = request.query.get("permission")
    if named is None:
        return success({name: _render(made) for name, made in list_permissions(actor).items()})
    permission = parse_permission(named).map_err(InvalidInput.of).or_raise()
    return success({"permission": permission, **_render(decide(actor, permission))})


async def set_password(request: web.Request) -> web.Response:
    current, new = required_texts(await read_json(request), "current_password", "new_password")
    await change_password(request.app[WORLD], actor_of(request), current, new)
    return success(None)


def _render(decision: Decision) -> dict[str, object]:
    return {
        "allowed": decision.allowed,
        "scope": decision.scope,
        "fields": None if decision.fields is None else sorted(decision.fields),
        "rule": decision.rule,
        "reason": decision.reason,
    }


def ticket_body(ticket: Ticket) -> dict[str, object]:
    return {
        "token": ticket.token,
        "token_type": "bearer",
        "expires_in": ticket.expires_in_s,
        "refresh_token": ticket.refresh_token,
        "tenant_id": ticket.tenant_slug,
    }


ROUTES = (
    Route(2, "POST", "/auth/login", login, is_public=True, counted="authentication"),
    Route(2, "POST", "/auth/logout", logout, permission="self"),
    Route(2, "GET", "/auth/me", show_me, permission="self"),
    Route(2, "GET", "/auth/permissions", show_permissions, permission="self"),
    Route(2, "POST", "/auth/password", set_password, permission="self", counted="authentication"),
)
