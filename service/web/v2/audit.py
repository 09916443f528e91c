"""The audit of the own tenant, for its administrators: read, taken along, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast, get_args

from aiohttp import web

from service.application import audit
from service.domain.audit import AuditFilter, Kind
from service.domain.audit_chain import ChainReport
from service.domain.audit_files import FILES, AuditFormat, render_entry
from service.web.paging import MAX_PAGE_SIZE, Problems, find_unknown, parse_number
from service.web.requests import require_none
from service.web.responses import actor_of, json_response, stream, success
from service.web.routes import Route
from service.web.transactions import transaction

_FILTERS = ("kind", "action", "actor", "subject_type", "subject", "from", "to")
_KINDS: tuple[str, ...] = get_args(Kind)
_PLACE = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_LONGEST_VALUE = 200


async def list_page(request: web.Request) -> web.Response:
    """Newest first; `next_cursor` is the way on to the older ones."""
    problems = find_unknown(request.query, (*_FILTERS, "per_page", "cursor"))
    size = parse_number(request.query, "per_page", 50, limit=MAX_PAGE_SIZE, problems=problems)
    before, where = _parse_place(request.query, problems), _parse_filter(request.query, problems)
    require_none(problems)
    async with transaction(request) as tx:
        found = await audit.list_entries(tx, actor_of(request), where, before=before, limit=size + 1)
    shown = found[:size]
    following = str(shown[-1].seq) if len(found) > size else None
    pagination = {"per_page": size, "next_cursor": following}
    return json_response(
        {"success": True, "data": list(map(render_entry, shown)), "pagination": pagination}
    )


async def export_file(request: web.Request) -> web.StreamResponse:
    problems = find_unknown(request.query, (*_FILTERS, "format"))
    file_format, where = _parse_format(request.query, problems), _parse_filter(request.query, problems)
    require_none(problems)
    headers = {
        "Content-Type": FILES[file_format].media_type,
        "Content-Disposition": f'attachment; filename="audit.{file_format}"',
    }
    async with transaction(request) as tx:
        await audit.record_export(tx, actor_of(request), file_format)
    if request.method == "HEAD":
        return web.Response(headers=headers)
    async with transaction(request) as tx:
        return await stream(
            request, headers, audit.export_entries(tx, actor_of(request), file_format, where)
        )


async def verify(request: web.Request) -> web.Response:
    """200 also for a chain that is broken: `is_intact` says so, and `broken` where."""
    async with transaction(request) as tx:
        return success(render_report(await audit.verify_chain(tx, actor_of(request))))


def render_report(report: ChainReport) -> dict[str, Any]:
    return {
        "is_intact": report.broken is None,
        "checked": report.checked,
        "pruned": report.pruned,
        "head": {"seq": report.head.seq, "hash": report.head.hash.hex()},
        "broken": report.broken,
    }


def _parse_filter(query: Mapping[str, str], problems: Problems) -> AuditFilter:
    kind = query.get("kind")
    if kind is not None and kind not in _KINDS:
        problems["kind"] = (f"must be one of {', '.join(_KINDS)}, got {kind[:40]!r}",)
    return AuditFilter(
        kind=cast("Kind | None", kind),
        action=_parse_text(query, "action", problems),
        actor=_parse_text(query, "actor", problems),
        subject_type=_parse_text(query, "subject_type", problems),
        subject=_parse_text(query, "subject", problems),
        since=_parse_time(query, "from", problems),
        until=_parse_time(query, "to", problems),
    )


def _parse_text(query: Mapping[str, str], name: str, problems: Problems) -> str | None:
    text = query.get(name)
    if text is not None and (len(text) > _LONGEST_VALUE or not text.isprintable()):
        problems[name] = (f"must be at most {_LONGEST_VALUE} visible characters",)
    return text


def _parse_time(query: Mapping[str, str], name: str, problems: Problems) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        problems[name] = (f"must be a time with its zone as 2026-01-31T12:00:00Z, got {text[:40]!r}",)
    return at


def _parse_place(query: Mapping[str, str], problems: Problems) -> int | None:
    text = query.get("cursor")
    if text is None:
        return None
    if not _PLACE.fullmatch(text):
        problems["cursor"] = (f"must be one that a page of this list had, got {text[:40]!r}",)
        return None
    return int(text)


def _parse_format(query: Mapping[str, str], problems: Problems) -> AuditFormat:
    text = query.get("format", "ndjson")
    if text not in FILES:
        problems["format"] = (f"must be one of {', '.join(FILES)}, got {text[:40]!r}",)
    return cast("AuditFormat", text)


ROUTES = (
    Route(2, "GET", "/audit", list_page, permission="audit:read"),
    Route(
        2,
        "GET",
        "/audit/export",
        export_file,
        permission="audit:export",
        media_types=("application/x-ndjson", "text/csv"),
    ),
    Route(2, "GET", "/audit/verify", verify, permission="audit:read"),
)
