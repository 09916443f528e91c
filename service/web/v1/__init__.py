"""API v1: the contract of existing clients. Only ever added to, never changed."""

from __future__ import annotations

from service.web.routes import Route
from service.web.v1 import accounts, contacts

ROUTES: tuple[Route, ...] = (*accounts.ROUTES, *contacts.ROUTES)
