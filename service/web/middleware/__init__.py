"""What every request passes through, outermost first, and what every answer gets: read it here."""

from __future__ import annotations

from service.web.middleware.access_log import log_access
from service.web.middleware.authentication import authenticate
from service.web.middleware.bodies import guard_body
from service.web.middleware.cors import answer_preflights, grant_origin
from service.web.middleware.failures import render_failures
from service.web.middleware.headers import add_headers
from service.web.middleware.request_ids import give_request_id, show_request_id
from service.web.middleware.versions import choose_version

MIDDLEWARE = (
    give_request_id,
    log_access,
    answer_preflights,
    render_failures,
    choose_version,
    guard_body,
    authenticate,
)

# At the moment its head is sent, whatever made it: errors too, so that a page can read a 401, and streams.
ON_ANSWER = (show_request_id, add_headers, grant_origin)
