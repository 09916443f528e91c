"""Invitations: sent by administrators of a tenant, accepted by whoever reads the mail."""

from __future__ import annotations

from aiohttp import web

from service.application.invitations import accept_invitation, invite
from service.domain.users import parse_role
from service.web.paging import find_unknown
from service.web.requests import invalid_input, origin_of, read_json, require_none, required_texts
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.state import WORLD
from service.web.v2.users import render_user


async def create(request: web.Request) -> web.Response:
    body = await read_json(request)
    require_none(find_unknown(body, ("email", "role")))
    (email,) = required_texts(body, "email")
    role = parse_role({"role": body.get("role", "user")}).map_err(invalid_input).or_raise()
    sent_to = await invite(request.app[WORLD], actor_of(request), email, role)
    return success({"email": sent_to, "role": role}, status=201)


async def accept(request: web.Request) -> web.Response:
    body = await read_json(request)
    token, username, password = required_texts(body, "token", "username", "password")
    user = await accept_invitation(request.app[WORLD], token, username, password, origin_of(request))
    return success(render_user(user), status=201)


ROUTES = (
    Route(2, "POST", "/users/invitations", create, permission="users:create"),
    Route(2, "POST", "/auth/invitations/accept", accept, is_public=True, counted="authentication"),
)
