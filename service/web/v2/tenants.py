"""Tenants, for system administrators: list, make, rename, suspend, resume, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, cast, get_args

from aiohttp import web

from service.application import tenants as use_cases
from service.domain.tenants import Tenant, TenantChange, TenantStatus
from service.web.paging import Problems, find_unknown, parse_page
from service.web.requests import read_json, require_none, required_texts
from service.web.responses import actor_of, page_response, success
from service.web.routes import Route
from service.web.state import WORLD

_STATUSES: tuple[str, ...] = get_args(TenantStatus)


async def list_page(request: web.Request) -> web.Response:
    problems = find_unknown(request.query, ("page", "per_page", "status"))
    page = parse_page(request.query, problems)
    status = _parse_status(request.query, problems)
    require_none(problems)
    found = await use_cases.list_tenant_page(
        request.app[WORLD], actor_of(request), status, offset=page.offset, limit=page.size
    )
    return page_response([_render(tenant) for tenant in found.items], page, found.total)


async def create(request: web.Request) -> web.Response:
    body = await read_json(request)
    require_none(find_unknown(body, ("slug", "tenant_name")))
    (slug,) = required_texts(body, "slug")
    (name,) = required_texts(body, "tenant_name") if "tenant_name" in body else ("",)
    made = await use_cases.create_tenant(request.app[WORLD], actor_of(request), slug, name)
    return success(_render(made), status=201, headers={"Location": f"/api/v2/tenants/{made.id}"})


async def show(request: web.Request) -> web.Response:
    return success(
        _render(await use_cases.get_tenant(request.app[WORLD], actor_of(request), _tenant(request)))
    )


async def rename(request: web.Request) -> web.Response:
    body = await read_json(request)
    require_none(find_unknown(body, ("tenant_name",)))
    (name,) = required_texts(body, "tenant_name")
    renamed = await use_cases.rename_tenant(request.app[WORLD], actor_of(request), _tenant(request), name)
    return success(_render(renamed))


async def change(request: web.Request, to: TenantChange) -> web.Response:
    changed = await use_cases.change_tenant(request.app[WORLD], actor_of(request), _tenant(request), to)
    return success(_render(changed))


def _changing(to: TenantChange) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    return partial(change, to=to)


def _parse_status(query: Mapping[str, str], problems: Problems) -> TenantStatus | None:
    status = query.get("status")
    if status is None or status in _STATUSES:
        return cast("TenantStatus | None", status)
    problems["status"] = (f"must be one of {', '.join(_STATUSES)}, got {status[:40]!r}",)
    return None


def _render(tenant: Tenant) -> dict[str, Any]:
    """Where its data are is nobody's business."""
    return {
        "id": tenant.id,
        "slug": tenant.slug,
        "tenant_name": tenant.name,
        "status": tenant.status,
        "isolation": "database",
        "created_at": tenant.created_at,
        "updated_at": tenant.updated_at,
    }


def _tenant(request: web.Request) -> str:
    return request.match_info["id"]


ROUTES = (
    Route(2, "GET", "/tenants", list_page, permission="tenants:manage"),
    Route(2, "POST", "/tenants", create, permission="tenants:manage"),
    Route(2, "GET", "/tenants/{id}", show, permission="tenants:manage"),
    Route(2, "PATCH", "/tenants/{id}", rename, permission="tenants:manage"),
    Route(2, "DELETE", "/tenants/{id}", _changing("delete"), permission="tenants:manage"),
    Route(2, "POST", "/tenants/{id}/suspend", _changing("suspend"), permission="tenants:manage"),
    Route(2, "POST", "/tenants/{id}/resume", _changing("resume"), permission="tenants:manage"),
)
