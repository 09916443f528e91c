"""Conditional requests on what has versions (RFC 9110, section 13): If-Match and If-None-Match."""

from __future__ import annotations

import re

from aiohttp import web

from service.domain.errors import ServiceError

_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"', re.ASCII)


def etag_of(version: int) -> str:
    return f'"{version}"'


def expected_version(request: web.Request, conflict: type[ServiceError]) -> int | None:
    """The version that If-Match names; None for no condition.

    Raises:
        conflict: it names none of ours, so no version can match.
    """
    condition = request.headers.get("If-Match", "*").strip()
    if condition == "*":
        return None
    match = _ETAG.fullmatch(condition)
    # A weak tag never matches here (RFC 9110, 13.1.1).
    if match is None or match[0].startswith("W/"):
        raise conflict(f"If-Match must be the ETag of the last answer, got {condition[:40]!r}")
    return int(match[1])


def known_versions(request: web.Request) -> frozenset[int]:
    """The versions that the caller has already, by If-None-Match."""
    return frozenset(int(match[1]) for match in _ETAG.finditer(request.headers.get("If-None-Match", "")))
