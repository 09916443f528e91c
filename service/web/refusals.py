"""What HTTP itself makes us refuse; shown like every other error, by `service.web.errors`."""

from __future__ import annotations

from service.domain.errors import CallerMistake, OutsideFailure, Refused


class RouteNotFound(CallerMistake):
    """No route has this path."""

    code = "request.path_unknown"
    title = "Not found"


class MethodNotAllowed(CallerMistake):
    """The path is known, the method is not offered on it."""

    code = "request.method_not_allowed"
    title = "Method not allowed"


class NotAcceptable(CallerMistake):
    """No media type that the Accept header allows is offered."""

    code = "request.not_acceptable"
    title = "Not acceptable"


class CursorInvalid(CallerMistake):
    """No place of this list: changed, cut short, or of another order, search or tenant."""

    code = "request.cursor_invalid"
    title = "Invalid cursor"


class MediaTypeUnsupported(CallerMistake):
    """The body's media type or content encoding is not one this route reads."""

    code = "request.media_type_unsupported"
    title = "Unsupported media type"


class BodyTooLarge(CallerMistake):
    """The body is larger than this route reads."""

    code = "request.too_large"
    title = "The request body is too large"


class BodyTooSlow(CallerMistake):
    """The body did not arrive in time."""

    code = "request.too_slow"
    title = "The request body came too slowly"


class OriginNotAllowed(Refused):
    """A preflight from an origin that may not call this service."""

    code = "cors.origin_not_allowed"
    title = "Origin not allowed"


class InternalError(OutsideFailure):
    """Nobody foresaw it; the log has it under the request id."""

    code = "service.internal"
    title = "Internal Server Error"
