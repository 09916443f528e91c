"""Errors as HTTP answers: one table from code to status, one shape for each API version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from service.domain.errors import BodyMalformed, DatabaseUnavailable, ServiceError
from service.web import responses
from service.web.refusals import BodyTooLarge, MethodNotAllowed, RouteNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping


STATUS: Mapping[str, int] = {
    "request.invalid": 400,
    "request.malformed": 400,
    "request.cursor_invalid": 400,
    "request.path_unknown": 404,
    "request.method_not_allowed": 405,
    "request.not_acceptable": 406,
    "request.too_slow": 408,
    "request.too_large": 413,
    "request.media_type_unsupported": 415,
    "contacts.not_found": 404,
    "contacts.exists": 409,
    "contacts.version_conflict": 412,
    "import.unreadable": 400,
    "import.too_large": 413,
    "tenants.not_found": 404,
    "tenants.exists": 409,
    "tenants.status_conflict": 409,
    "tenants.own": 409,
    "configuration.version_conflict": 412,
    "configuration.conflict": 409,
    "configuration.nothing_to_undo": 409,
    "users.exists": 409,
    "users.not_found": 404,
    "users.last_administrator": 409,
    "accounts.link_invalid": 400,
    "accounts.signup_closed": 403,
    "auth.bad_credentials": 401,
    "auth.token_invalid": 401,
    "auth.session_not_found": 404,
    "auth.tenant_mismatch": 403,
    "auth.permission_denied": 403,
    "limits.exceeded": 429,
    "cors.origin_not_allowed": 400,
    "service.busy": 503,
    "database.unavailable": 503,
    "service.internal": 500,
}

_RETRY_AFTER_S = 2


def status_of(error: ServiceError) -> int:
    return STATUS[error.code]


def from_http_exception(error: web.HTTPException) -> ServiceError:
    """What aiohttp itself refuses, in our words."""
    if isinstance(error, web.HTTPNotFound):
        return RouteNotFound("no route has this path")
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return MethodNotAllowed(f"{error.method} is not offered here, expected one of {allowed}")
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return BodyTooLarge()
    return BodyMalformed(error.reason)


def error_response(request: web.Request, error: ServiceError) -> web.Response:
    """The answer for `error` in the form of the API version that was asked."""
    status = status_of(error)
    headers = _headers(error, status)
    members = _members(request, error, status)
    if responses.version_of(request) == 1:
        members |= {
            "data": "",
            "details": error.detail,
            "message": _message_v1(request, members["message"]),
        }
        return responses.json_response(members, status, headers)
    return responses.json_response(members, status, headers, media_type="application/problem+json")


def _members(request: web.Request, error: ServiceError, status: int) -> dict[str, Any]:
    # v1 clients show `message`, and know these titles by heart; details of one problem go beside it.
    message = error.detail if error.code in _SPOKEN_BY_DETAIL else error.title
    members = {
        "type": f"urn:chainbook:error:{error.code}",
        "title": error.title,
        "status": status,
        "instance": request.path,
        "success": False,
        "message": message,
        "error": error.title,
        "code": error.code,
        "detail": error.detail,
        "errors": error.problems,
        "request_id": responses.request_id_of(request),
    }
    return members | ({"hint": error.hint} if error.hint else {})


def _message_v1(request: web.Request, message: str) -> str:
    """The address book's own texts for a database that is away."""
    is_storage = message == DatabaseUnavailable.title and "/address-book" in request.path
    return _STORAGE_FAILED.get(request.method, message) if is_storage else message


_STORAGE_FAILED = {
    "GET": "Can not fetch data",
    "POST": "Can not insert data",
    "PUT": "Can not update data",
    "DELETE": "Can not delete data",
}
_SPOKEN_BY_DETAIL = frozenset(
    {"contacts.not_found", "request.invalid", "request.malformed", "import.unreadable", "import.too_large"}
)


def _headers(error: ServiceError, status: int) -> dict[str, str]:
    if status == web.HTTPUnauthorized.status_code:
        return {"WWW-Authenticate": 'Bearer realm="chainbook"'}
    if status == web.HTTPServiceUnavailable.status_code:
        return {"Retry-After": str(error.retry_after_s or _RETRY_AFTER_S)}
    if error.retry_after_s is not None:
        return {"Retry-After": str(error.retry_after_s)}
    return {}
