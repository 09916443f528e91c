"""A tenant's settings and feature flags: read, change, their history, undo."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from service.application import configuration as use_cases
from service.application.configuration import TenantConfiguration
from service.domain.configuration import FLAG_PATTERN, MAX_FLAGS
from service.domain.configuration_history import Author, ConfigurationChange
from service.domain.errors import ConfigurationVersionConflict
from service.web.conditions import etag_of, expected_version, known_versions
from service.web.paging import find_unknown, parse_page
from service.web.requests import read_json, require_none
from service.web.responses import actor_of, page_response, request_id_of, success
from service.web.routes import Route
from service.web.state import WORLD


async def show(request: web.Request) -> web.StreamResponse:
    found = await use_cases.get_configuration(request.app[WORLD], actor_of(request), _tenant(request))
    if found.version in known_versions(request):
        return web.Response(status=304, headers={"ETag": etag_of(found.version)})
    return _answer(found)


async def change(request: web.Request) -> web.Response:
    document = await read_json(request)
    changed = await use_cases.change_configuration(
        request.app[WORLD],
        actor_of(request),
        _tenant(request),
        document,
        request_id=request_id_of(request),
        expected_version=expected_version(request, ConfigurationVersionConflict),
    )
    return _answer(changed)


async def undo(request: web.Request) -> web.Response:
    document = await read_json(request) if request.can_read_body else {}
    restored = await use_cases.undo_configuration(
        request.app[WORLD],
        actor_of(request),
        _tenant(request),
        document,
        request_id=request_id_of(request),
        expected_version=expected_version(request, ConfigurationVersionConflict),
    )
    return _answer(restored)


async def list_changes(request: web.Request) -> web.Response:
    problems = find_unknown(request.query, ("page", "per_page"))
    page = parse_page(request.query, problems)
    require_none(problems)
    found = await use_cases.list_configuration_changes(
        request.app[WORLD], actor_of(request), _tenant(request), offset=page.offset, limit=page.size
    )
    return page_response([render_change(made) for made in found.items], page, found.total)


async def show_schema(request: web.Request) -> web.Response:
    """The table of settings, for a client that draws a form of it."""
    table = await use_cases.get_settings_table(request.app[WORLD], actor_of(request), _tenant(request))
    return success(
        {
            "settings": msgspec.to_builtins(tuple(table.values())),
            "flags": {"name_pattern": FLAG_PATTERN, "max_count": MAX_FLAGS},
        }
    )


def render_change(made: ConfigurationChange) -> dict[str, Any]:
    return {
        "version": made.version,
        "transition": made.transition,
        "changes": made.differences,
        "changed_at": made.changed_at,
        "changed_by": _render_author(made.author),
        "request_id": made.author.request_id,
    }


def _render_author(author: Author) -> dict[str, Any] | None:
    """Null is the operator of the service."""
    return None if author.user_id is None else {"id": author.user_id, "username": author.username}


def _answer(found: TenantConfiguration) -> web.Response:
    return success(found, headers={"ETag": etag_of(found.version)})


def _tenant(request: web.Request) -> str:
    return request.match_info["id"]


ROUTES = (
    Route(2, "GET", "/tenants/{id}/config", show, permission="configuration:manage"),
    Route(2, "PATCH", "/tenants/{id}/config", change, permission="configuration:manage"),
    Route(2, "GET", "/tenants/{id}/config/history", list_changes, permission="configuration:manage"),
    Route(2, "POST", "/tenants/{id}/config/undo", undo, permission="configuration:manage"),
    Route(2, "GET", "/tenants/{id}/config/schema", show_schema, permission="configuration:manage"),
)
