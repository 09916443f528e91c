"""Contacts seen together: by letter, and those that are there twice."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec import structs

from service.application import exports
from service.domain.contacts import Contact
from service.domain.duplicates import DuplicateGroup
from service.web.responses import actor_of, success
from service.web.routes import Route
from service.web.transactions import transaction
from service.web.v2.contacts import render_contact


async def list_groups(request: web.Request) -> web.Response:
    """A to Z, then #; each contact by id and name only."""
    async with transaction(request) as tx:
        groups = await exports.list_groups(tx, actor_of(request))
    data = [
        {"group": group.letter, "count": group.count, "contacts": list(map(_summary, group.contacts))}
        for group in groups
    ]
    return success(data, metadata={"count": sum(group.count for group in groups)})


async def list_duplicates(request: web.Request) -> web.Response:
    """Groups of contacts that share something, and what."""
    async with transaction(request) as tx:
        groups = await exports.list_duplicates(tx, actor_of(request))
    return success(list(map(_render, groups)), metadata={"count": len(groups)})


def _render(group: DuplicateGroup) -> dict[str, Any]:
    return {
        "reasons": [structs.asdict(reason) for reason in group.reasons],
        "contacts": list(map(render_contact, group.contacts)),
    }


def _summary(contact: Contact) -> dict[str, Any]:
    return {"id": contact.id, "first_name": contact.first_name, "last_name": contact.last_name}


ROUTES = (
    Route(2, "GET", "/contacts/groups", list_groups, permission="contacts:read"),
    Route(2, "GET", "/contacts/duplicates", list_duplicates, permission="contacts:read"),
)
