"""Files in and out: import of CSV and vCard, export of both."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import BodyPartReader, web

from service.application import exports, imports
from service.domain.access import require_permission
from service.domain.errors import BodyMalformed
from service.domain.exports import KINDS, ExportFormat
from service.domain.imports import RowResult, parse_import
from service.web.refusals import BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from service.web.requests import BODY_TIMEOUT_S, invalid_input, read_body
from service.web.responses import actor_of, request_id_of, success
from service.web.routes import Route
from service.web.state import SETTINGS
from service.web.transactions import transaction

IMPORT_MEDIA_TYPES = frozenset({"text/csv", "text/vcard", "text/x-vcard", "text/directory"})
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


async def import_file(request: web.Request) -> web.Response:
    """Reads and checks the file in a thread, then stores it in one transaction."""
    require_permission(actor_of(request), "contacts:import")  # before megabytes are read
    is_dry_run = _parse_dry_run(request)
    media_type, content = await _read_file(request)
    options = imports.ImportOptions(request.app[SETTINGS].default_phone_region, dry_run=is_dry_run)
    parsed = await asyncio.to_thread(parse_import, content, media_type, options.phone_region)
    async with transaction(request) as tx:
        report = await imports.store_import(tx, actor_of(request), parsed.or_raise(), options)
    return success(render_report(report), metadata={"dry_run": is_dry_run, "warnings": report.warnings})


async def export_file(request: web.Request) -> web.StreamResponse:
    """Streams every contact; nothing is sent before the first batch is there."""
    export_format = _parse_format(request)
    headers = _export_headers(request, export_format)
    if request.method == "HEAD":
        require_permission(actor_of(request), "contacts:export")
        return web.Response(headers=headers)
    response = web.StreamResponse(headers=headers)
    async with transaction(request) as tx:
        async for part in exports.export_contacts(tx, actor_of(request), export_format):
            if not response.prepared:
                await response.prepare(request)
            await response.write(part)
    await response.write_eof()
    return response


def _export_headers(request: web.Request, export_format: ExportFormat) -> dict[str, str]:
    """All of them: an answer that has begun is beyond the middleware's reach."""
    return {
        "Content-Type": KINDS[export_format].media_type,
        "Content-Disposition": f'attachment; filename="contacts.{export_format}"',
        "X-Request-ID": request_id_of(request),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


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


async def _read_file(request: web.Request) -> tuple[str, bytes]:
    limit_bytes = request.app[SETTINGS].import_max_bytes
    if request.content_type == "multipart/form-data":
        return await _read_form_file(request, limit_bytes)
    _require_media_type(request.content_type)
    return request.content_type, await read_body(request, limit_bytes)


async def _read_form_file(request: web.Request, limit_bytes: int) -> tuple[str, bytes]:
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.filename:
                media_type = _media_type_of(part.headers.get("Content-Type", ""), part.filename)
                return media_type, await _read_part(part, limit_bytes)
    except ValueError as error:
        raise BodyMalformed(f"the form can not be read: {str(error)[:200]}") from error
    raise invalid_input({"file": ("is required: the form holds no file",)})


async def _read_part(part: BodyPartReader, limit_bytes: int) -> bytes:
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while chunk := await part.read_chunk(65_536):
                content += chunk
                if len(content) > limit_bytes:
                    raise BodyTooLarge(f"the file must be at most {limit_bytes} bytes")
    except TimeoutError as error:
        raise BodyTooSlow(f"the file must arrive within {BODY_TIMEOUT_S:g} s") from error
    return bytes(content)


def _media_type_of(declared: str, filename: str) -> str:
    """What the part says, else what its name says: browsers know few media types of address books."""
    media_type = declared.partition(";")[0].strip().lower()
    if media_type in IMPORT_MEDIA_TYPES:
        return media_type
    by_ending = {"vcf": "text/vcard", "vcard": "text/vcard", "csv": "text/csv"}
    ending = filename.rpartition(".")[2].lower()
    _require_media_type(by_ending.get(ending, media_type))
    return by_ending[ending]


def _require_media_type(media_type: str) -> None:
    if media_type not in IMPORT_MEDIA_TYPES:
        expected = ", ".join(sorted(IMPORT_MEDIA_TYPES))
        raise MediaTypeUnsupported(f"the file must be one of {expected}, got {media_type[:80]!r}")


ROUTES = (
    Route(2, "POST", "/contacts/import", import_file),
    Route(2, "GET", "/contacts/export", export_file, media_types=("text/csv", "text/vcard")),
)
