"""The users of the own tenant: seen by all, as far as each may; made and changed by administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp import web

from service.application import users as use_cases
from service.application.ports import UserQuery
from service.application.users import SeenUser
from service.domain.errors import UserNotFound
from service.domain.identity import UserId
from service.domain.users import NewUser, User, parse_role, parse_user_change
from service.web.paging import find_unknown, parse_page
from service.web.requests import invalid_input, read_json, require_none, required_texts
from service.web.responses import actor_of, page_response, success
from service.web.routes import Route
from service.web.state import WORLD

MAX_SEARCH_LENGTH = 200


async def list_page(request: web.Request) -> web.Response:
    problems = find_unknown(request.query, ("page", "per_page", "search"))
    page = parse_page(request.query, problems)
    search = request.query.get("search") or None
    if search and (len(search) > MAX_SEARCH_LENGTH or "\0" in search):
        problems["search"] = (f"must be text of at most {MAX_SEARCH_LENGTH} characters",)
    require_none(problems)
    found = await use_cases.list_users(
        request.app[WORLD],
        actor_of(request),
        _tenant(request),
        UserQuery(search, offset=page.offset, limit=page.size),
    )
    return page_response(list(map(_render_seen, found.items)), page, found.total)


async def create(request: web.Request) -> web.Response:
    body = await read_json(request)
    require_none(find_unknown(body, ("username", "email", "password", "role")))
    username, email, password = required_texts(body, "username", "email", "password")
    role = parse_role({"role": body.get("role", "user")}).map_err(invalid_input).or_raise()
    new = NewUser(username, email, role, password)
    made = await use_cases.add_user(request.app[WORLD], actor_of(request), new)
    return success(render_user(made), status=201, headers={"Location": f"/api/v2/users/{made.id}"})


async def show(request: web.Request) -> web.Response:
    seen = await use_cases.get_user(
        request.app[WORLD], actor_of(request), _tenant(request), _user_id(request)
    )
    return success(_render_seen(seen))


async def change(request: web.Request) -> web.Response:
    asked = parse_user_change(await read_json(request)).map_err(invalid_input).or_raise()
    changed = await use_cases.update_user(
        request.app[WORLD], actor_of(request), _tenant(request), _user_id(request), asked
    )
    return success(render_user(changed))


async def deactivate(request: web.Request) -> web.Response:
    changed = await use_cases.deactivate_user(
        request.app[WORLD], actor_of(request), _tenant(request), _user_id(request)
    )
    return success(render_user(changed))


async def set_role(request: web.Request) -> web.Response:
    role = parse_role(await read_json(request)).map_err(invalid_input).or_raise()
    changed = await use_cases.set_role(
        request.app[WORLD], actor_of(request), _tenant(request), _user_id(request), role
    )
    return success(render_user(changed))


async def unlock(request: web.Request) -> web.Response:
    await use_cases.unlock_user(request.app[WORLD], actor_of(request), _tenant(request), _user_id(request))
    return success(None)


def render_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "role": user.role,
        "active": user.active,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


def _render_seen(seen: SeenUser) -> dict[str, Any]:
    return seen.decision.mask(render_user(seen.user))


def _tenant(request: web.Request) -> str:
    return str(actor_of(request).tenant_id)


def _user_id(request: web.Request) -> UserId:
    try:
        return UserId(UUID(request.match_info["id"]))
    except ValueError as error:
        raise UserNotFound from error


ROUTES = (
    Route(2, "GET", "/users", list_page, permission="users:read"),
    Route(2, "POST", "/users", create, permission="users:create"),
    Route(2, "GET", "/users/{id}", show, permission="users:read"),
    Route(2, "PATCH", "/users/{id}", change, permission="users:update"),
    Route(2, "DELETE", "/users/{id}", deactivate, permission="users:delete"),
    Route(2, "PUT", "/users/{id}/roles", set_role, permission="users:manage"),
    Route(2, "POST", "/users/{id}/unlock", unlock, permission="users:manage"),
)
