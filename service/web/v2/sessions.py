"""The own sessions: refreshed, listed, ended."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from service.application.sessions import end_session, list_sessions, log_out_everywhere, refresh_by_token
from service.domain.errors import SessionNotFound
from service.domain.identity import Actor, SessionId
from service.domain.sessions import Session
from service.web.requests import origin_of, read_json, required_texts
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.state import SETTINGS, WORLD
from service.web.v2.accounts import ticket_body


async def refresh(request: web.Request) -> web.Response:
    secret, tenant = required_texts(await read_json(request), "refresh_token", "tenant_id")
    settings = request.app[SETTINGS]
    ticket = await refresh_by_token(
        request.app[WORLD],
        secret,
        tenant,
        life_s=settings.access_token_ttl_s,
        rules=settings.family_rules,
        origin=origin_of(request),
    )
    return success(ticket_body(ticket))


async def show_sessions(request: web.Request) -> web.Response:
    actor = actor_of(request)
    sessions = await list_sessions(request.app[WORLD], actor)
    return success([_render(session, actor) for session in sessions])


async def end_one(request: web.Request) -> web.Response:
    await end_session(request.app[WORLD], actor_of(request), _session_id(request))
    return success(None)


async def logout_all(request: web.Request) -> web.Response:
    return success({"ended": await log_out_everywhere(request.app[WORLD], actor_of(request))})


def _session_id(request: web.Request) -> SessionId:
    try:
        return SessionId(UUID(request.match_info["id"]))
    except ValueError as error:
        raise SessionNotFound from error


def _render(session: Session, actor: Actor) -> dict[str, object]:
    return {
        "id": session.id,
        "user_agent": session.user_agent,
        "address": session.address,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at or session.created_at,
        "expires_at": session.expires_at,
        "is_current": session.id == actor.session_id,
    }


ROUTES = (
    Route(2, "POST", "/auth/refresh", refresh, is_public=True, counted="authentication"),
    Route(2, "GET", "/auth/sessions", show_sessions, permission="sessions:read"),
    Route(2, "DELETE", "/auth/sessions/{id}", end_one, permission="sessions:delete"),
    Route(2, "POST", "/auth/logout-all", logout_all, permission="self"),
)
