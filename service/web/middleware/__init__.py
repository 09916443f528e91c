"""What every request passes through, outermost first. The order is the design: read it here."""

from __future__ import annotations

from service.web.middleware.access_log import log_access
from service.web.middleware.authentication import authenticate
from service.web.middleware.bodies import guard_body
from service.web.middleware.cors import allow_origins
from service.web.middleware.failures import render_failures
from service.web.middleware.headers import add_headers
from service.web.middleware.request_ids import give_request_id
from service.web.middleware.versions import choose_version

MIDDLEWARE = (
    give_request_id,
    log_access,
    add_headers,
    allow_origins,  # outside the errors: a browser must be able to read a 401
    render_failures,
    choose_version,
    guard_body,
    authenticate,
)
