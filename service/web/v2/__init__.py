"""API v2: resources, pages, problems (RFC 9457), conditional requests."""

from __future__ import annotations

from service.web.routes import Route
from service.web.v2 import (
    accounts,
    audit,
    configuration,
    contacts,
    exchange,
    groups,
    invitations,
    sessions,
    signup,
    tenants,
    users,
)

ROUTES: tuple[Route, ...] = (
    *accounts.ROUTES,
    *signup.ROUTES,
    *sessions.ROUTES,
    *invitations.ROUTES,
    *audit.ROUTES,
    *configuration.ROUTES,
    *tenants.ROUTES,
    *users.ROUTES,
    *exchange.ROUTES,
    *groups.ROUTES,
    *contacts.ROUTES,
)
