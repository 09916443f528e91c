"""Errors become answers here, and are logged here when they are ours: once, with the request id."""

from __future__ import annotations

import structlog
from aiohttp import web

from service.application.audit import record_denial
from service.domain.errors import (
    BadCredentials,
    LinkInvalid,
    OutsideFailure,
    PermissionDenied,
    ServiceError,
    TenantMismatch,
    TokenInvalid,
)
from service.web.addresses import address_of
from service.web.errors import error_response, from_http_exception
from service.web.refusals import InternalError
from service.web.routes import Handler
from service.web.state import ACTOR, WORLD

_LOG = structlog.get_logger("web")
_SECURITY_LOG = structlog.get_logger("security")


# What somebody who tries keys at doors leaves behind.
_SECURITY = (TokenInvalid, TenantMismatch, BadCredentials, LinkInvalid)
# And what everybody leaves: a page that was open too long.
_ORDINARY = frozenset({"missing", "expired"})


@web.middleware
async def render_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ServiceError as error:
        if isinstance(error, OutsideFailure):
            _LOG.warning("outside_failure", code=error.code, cause=repr(error.__cause__)[:300])
        if isinstance(error, _SECURITY):
            _note_refusal(request, error)
        if isinstance(error, PermissionDenied):
            await _record_denial(request, error)
        return error_response(request, error)
    except web.HTTPException as error:
        response = error_response(request, from_http_exception(error))
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except ConnectionResetError:
        raise  # the caller hung up: there is nobody to answer
    except Exception:  # noqa: BLE001 - the one place where the unknown becomes a 500
        _LOG.exception("unforeseen", path=request.path, method=request.method)
        return error_response(request, InternalError())


async def _record_denial(request: web.Request, error: PermissionDenied) -> None:
    """The refusal stands, whether or not it can be written down."""
    resource = request.match_info.route.resource
    route = f"{request.method} {resource.canonical if resource else 'unknown'}"
    try:
        await record_denial(request.app[WORLD], request[ACTOR], route, error.detail)
    except ServiceError as failure:
        _SECURITY_LOG.warning("audit.not_recorded", code=failure.code, route=route)


def _note_refusal(request: web.Request, error: ServiceError) -> None:
    """With the reason that the caller is not told, and never with what was sent."""
    reason, facts = error.code.partition(".")[2], {}
    if isinstance(error, TokenInvalid):
        reason, facts = error.reason, error.facts
    if isinstance(error, LinkInvalid):
        reason = error.reason
    note = _SECURITY_LOG.info if reason in _ORDINARY else _SECURITY_LOG.warning
    note("security.refused", code=error.code, reason=reason, address=address_of(request), **facts)
