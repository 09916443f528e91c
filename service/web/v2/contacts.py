"""Contacts as a resource: list, create, read, change, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aiohttp import web
from msgspec import structs

from service.application import contacts
from service.application.ports import ContactFilter, ContactQuery, SortKey
from service.domain.contact_fields import ContactPolicy, parse_contact, parse_patch
from service.domain.contacts import Contact, ContactPatch, replacement
from service.domain.errors import ContactNotFound, VersionConflict
from service.domain.identity import ContactId
from service.web.conditions import etag_of, expected_version, known_versions
from service.web.cursors import parse_cursor, render_cursors
from service.web.paging import Page, find_unknown, parse_page, parse_sort
from service.web.requests import invalid_input, read_json, require_none
from service.web.responses import actor_of, page_response, success
from service.web.routes import Route
from service.web.transactions import settings_of, transaction

MAX_SEARCH_LENGTH = 200
_BY_NAME = (SortKey("last_name"), SortKey("first_name"))
_BY_RELEVANCE = (SortKey("relevance", descending=True), *_BY_NAME)
_LIST_PARAMETERS = ("page", "per_page", "cursor", "sort", "search")


async def list_page(request: web.Request) -> web.Response:
    query, page = _parse_list(request.query, (await settings_of(request)).page_size)
    cursor = parse_cursor(request, query)
    async with transaction(request) as tx:
        found = await contacts.list_contacts(tx, actor_of(request), structs.replace(query, cursor=cursor))
    marks: dict[str, object] = {**render_cursors(request, query, found)}
    if cursor is not None:
        marks["current_page"] = None  # nobody counts what lies before a place
    return page_response([render_contact(contact) for contact in found.items], page, found.total, **marks)


async def create(request: web.Request) -> web.Response:
    draft = (
        parse_contact(await read_json(request), await _policy(request)).map_err(invalid_input).or_raise()
    )
    async with transaction(request) as tx:
        contact = await contacts.create_contact(tx, actor_of(request), draft)
    headers = {"Location": f"/api/v2/contacts/{contact.id}", "ETag": etag_of(contact.version)}
    return success(render_contact(contact), status=201, headers=headers)


async def show(request: web.Request) -> web.StreamResponse:
    async with transaction(request) as tx:
        contact = await contacts.get_contact(tx, actor_of(request), _contact_id(request))
    headers = {"ETag": etag_of(contact.version)}
    if contact.version in known_versions(request):
        return web.Response(status=304, headers=headers)
    return success(render_contact(contact), headers=headers)


async def replace(request: web.Request) -> web.Response:
    body = await read_json(request)
    draft = parse_contact(body, await _policy(request)).map_err(invalid_input).or_raise()
    return await _update(request, replacement(draft))


async def change(request: web.Request) -> web.Response:
    body = await read_json(request)
    return await _update(
        request, parse_patch(body, await _policy(request)).map_err(invalid_input).or_raise()
    )


async def delete(request: web.Request) -> web.Response:
    contact_id = _contact_id(request)
    async with transaction(request) as tx:
        await contacts.delete_contact(
            tx, actor_of(request), contact_id, expected_version(request, VersionConflict)
        )
    return success(None)


def render_contact(contact: Contact) -> dict[str, Any]:
    """A contact as v2 shows it."""
    return {
        "id": contact.id,
        "user_id": contact.user_id,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "phone": contact.phone,
        "phone_e164": contact.phone_e164,
        "address": contact.address,
        "labels": contact.labels,
        "metadata": contact.metadata,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
        "version": contact.version,
    }


def _parse_list(parameters: Mapping[str, str], default_size: int) -> tuple[ContactQuery, Page]:
    problems = find_unknown(parameters, _LIST_PARAMETERS)
    page = parse_page(parameters, problems, default_size=default_size)
    search = parameters.get("search") or None
    sort = parse_sort(parameters.get("sort"), _BY_RELEVANCE if search else _BY_NAME, problems)
    if search and (len(search) > MAX_SEARCH_LENGTH or "\0" in search):
        problems["search"] = (f"must be text of at most {MAX_SEARCH_LENGTH} characters",)
    if not search and any(key.field == "relevance" for key in sort):
        problems["sort"] = ("must not name relevance without search",)
    if "cursor" in parameters and "page" in parameters:
        problems["page"] = ("must be left out beside cursor, which says where the page begins",)
    require_none(problems)
    return ContactQuery(ContactFilter(words=search), sort, page.offset, page.size), page


async def _update(request: web.Request, patch: ContactPatch) -> web.Response:
    contact_id, expected = _contact_id(request), expected_version(request, VersionConflict)
    async with transaction(request) as tx:
        contact = await contacts.update_contact(tx, actor_of(request), contact_id, patch, expected)
    return success(render_contact(contact), headers={"ETag": etag_of(contact.version)})


def _contact_id(request: web.Request) -> ContactId:
    text = request.match_info["id"]
    try:
        return ContactId(UUID(text))
    except ValueError as error:
        raise ContactNotFound(f"no contact has the id {text[:40]!r}") from error


async def _policy(request: web.Request) -> ContactPolicy:
    return ContactPolicy(phone_region=(await settings_of(request)).phone_region)


ROUTES = (
    Route(2, "GET", "/contacts", list_page, permission="contacts:read"),
    Route(2, "POST", "/contacts", create, permission="contacts:create"),
    Route(2, "GET", "/contacts/{id}", show, permission="contacts:read"),
    Route(2, "PUT", "/contacts/{id}", replace, permission="contacts:update"),
    Route(2, "PATCH", "/contacts/{id}", change, permission="contacts:update"),
    Route(2, "DELETE", "/contacts/{id}", delete, permission="contacts:delete"),
)
