"""Files in and out: import of CSV and vCard, export of both."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from service.application import exports, imports
from service.domain.access import require_permission
from service.domain.errors import BodyMalformed
from service.domain.exports import KINDS, ExportFormat
from service.domain.imports import RowResult, parse_import
from service.web.forms import FormFile, parse_form_file
from service.web.refusals import MediaTypeUnsupported
from service.web.requests import invalid_input, read_body
from service.web.responses import actor_of, stream, success
from service.web.routes import Route
from service.web.transactions import settings_of, transaction

# 32 MiB at 280 KB/s: a phone on a weak line.
FILE_TIMEOUT_S = 120.0
IMPORT_MEDIA_TYPES = frozenset({"text/csv", "text/vcard", "text/x-vcard", "text/directory"})
_BY_ENDING = {"csv": "text/csv", "vcf": "text/vcard", "vcard": "text/vcard"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


async def import_file(request: web.Request) -> web.Response:
    """Reads and checks the file in a thread, then stores it in one transaction."""
    require_permission(actor_of(request), "contacts:import")  # before megabytes are read
    is_dry_run = _parse_dry_run(request)
    settings = await settings_of(request)
    media_type, content = await _read_file(request, settings.import_max_bytes)
    options = imports.ImportOptions(settings.phone_region, dry_run=is_dry_run)
    parsed = await asyncio.to_thread(parse_import, content, media_type, options.phone_region)
    async with transaction(request) as tx:
        report = await imports.store_import(tx, actor_of(request), parsed.or_raise(), options)
    return success(render_report(report), metadata={"dry_run": is_dry_run, "warnings": report.warnings})


async def export_file(request: web.Request) -> web.StreamResponse:
    """Streams every contact; nothing is sent before the first piece is there, so a failure can be told."""
    require_permission(actor_of(request), "contacts:export")
    export_format = _parse_format(request)
    headers = {
        "Content-Type": KINDS[export_format].media_type,
        "Content-Disposition": f'attachment; filename="contacts.{export_format}"',
    }
    if request.method == "HEAD":
        return web.Response(headers=headers)
    async with transaction(request) as tx:
        await exports.record_export(tx, actor_of(request), export_format)
    async with transaction(request) as tx:
        pieces = exports.export_contacts(tx, actor_of(request), export_format)
        return await stream(request, headers, pieces)


def render_report(report: imports.ImportReport) -> dict[str, Any]:
    """Counts, and what became of each row."""
    return {
        "rows": report.rows,
        "imported": report.imported,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "results": [_render_row(result) for result in report.results],
    }


def _render_row(result: RowResult) -> dict[str, Any]:
    members = {
        "row": result.row,
        "line": result.line,
        "status": result.status,
        "id": result.contact_id,
        "duplicate_of": result.duplicate_of,
        "errors": result.errors,
        "warnings": result.warnings,
    }
    return {name: value for name, value in members.items() if value or name in {"row", "line", "status"}}


def _parse_format(request: web.Request) -> ExportFormat:
    text = request.query.get("format", "csv")
    if text not in KINDS:
        raise invalid_input({"format": (f"must be one of {', '.join(KINDS)}, got {text[:40]!r}",)})
    return text


def _parse_dry_run(request: web.Request) -> bool:
    text = request.query.get("dry_run", "false").lower()
    if text not in _BOOLEANS:
        raise invalid_input({"dry_run": (f"must be true or false, got {text[:40]!r}",)})
    return _BOOLEANS[text]


async def _read_file(request: web.Request, limit_bytes: int) -> tuple[str, bytes]:
    is_form = request.content_type == "multipart/form-data"
    if not is_form:
        _require_media_type(request.content_type)
    content = await read_body(request, limit_bytes, FILE_TIMEOUT_S)
    if not is_form:
        return request.content_type, content
    parsed = await asyncio.to_thread(parse_form_file, request.headers["Content-Type"], content)
    file = parsed.map_err(BodyMalformed).or_raise()
    return _media_type_of(file), file.content


def _media_type_of(file: FormFile) -> str:
    """What the part says, else what its name says: browsers know few media types of address books."""
    if file.media_type in IMPORT_MEDIA_TYPES:
        return file.media_type
    ending = file.filename.rpartition(".")[2].lower()
    media_type = _BY_ENDING.get(ending, file.media_type)
    _require_media_type(media_type)
    return media_type


def _require_media_type(media_type: str) -> None:
    if media_type not in IMPORT_MEDIA_TYPES:
        expected = ", ".join(sorted(IMPORT_MEDIA_TYPES))
        raise MediaTypeUnsupported(f"the file must be one of {expected}, got {media_type[:80]!r}")


ROUTES = (
    Route(2, "POST", "/contacts/import", import_file, permission="contacts:import"),
    Route(
        2,
        "GET",
        "/contacts/export",
        export_file,
        permission="contacts:export",
        media_types=("text/csv", "text/vcard"),
    ),
)
