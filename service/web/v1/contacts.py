"""The address book of API v1: one name, a gender and an age, ids that are numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import structs

from service.application import contacts
from service.application.ports import ContactFilter, ContactQuery, SortKey
from service.domain.contacts import Contact
from service.domain.contacts_v1 import parse_contact_v1, parse_patch_v1, render_contact_v1
from service.domain.errors import ContactNotFound
from service.web.paging import MAX_PAGE_SIZE, Page, Problems, parse_number, parse_page
from service.web.requests import invalid_input, read_json, require_none
from service.web.responses import actor_of, json_response, success
from service.web.routes import Route
from service.web.transactions import settings_of, transaction

_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_GENDERS = {"male": True, "female": False}
_SORT_COLUMNS = {
    "id": "number",
    "name": "first_name",
    "email": "email",
    "phone": "phone",
}
_PAGE_PARAMETERS = ("page", "limit", "search", "sort")


async def list_all(request: web.Request) -> web.Response:
    """Every contact; with page, limit, search or sort only those asked for."""
    problems: Problems = {}
    query, page = _parse_list(request.query, problems)
    require_none(problems)
    async with transaction(request) as tx:
        found = await contacts.list_contacts(tx, actor_of(request), query)
    metadata = {"page": page.number, "limit": page.size, "total": found.total} if page else None
    return success(_people(request, found.items), message="ok", metadata=metadata)


async def filter_people(request: web.Request) -> web.Response:
    """A page of the matches, by ascending id: after the id that `cursor` names, or the page `page_num`."""
    problems: Problems = {}
    size = parse_number(
        request.query, "page_size", MAX_PAGE_SIZE // 10, limit=MAX_PAGE_SIZE, problems=problems
    )
    page_number = parse_number(request.query, "page_num", 1, limit=10_000_000, problems=problems)
    where = _parse_filter(request.query, problems)
    require_none(problems)
    # A cursor says where the page begins; a page number then says nothing.
    offset = 0 if where.after_number else (page_number - 1) * size
    async with transaction(request) as tx:
        actor = actor_of(request)
        found = await contacts.list_contacts(
            tx, actor, ContactQuery(where=where, offset=offset, limit=size)
        )
        everywhere = structs.replace(where, after_number=None)
        total = await contacts.count_contacts(tx, actor, everywhere) if where.after_number else found.total
    marks = {
        "current_cursor": where.after_number or 0,
        "page_num": page_number,
        "page_size": size,
        "total_elements": total,
        "next_cursor": found.items[-1].number if found.items else None,
    }
    body = {"success": True, "message": "ok", "data": _people(request, found.items)} | marks
    counts = {"count": len(found.items), "has_more": offset + len(found.items) < found.total}
    return json_response(body | {"metadata": marks | counts})


async def create(request: web.Request) -> web.Response:
    body = await read_json(request)
    region = (await settings_of(request)).phone_region
    draft = parse_contact_v1(body, region).map_err(invalid_input).or_raise()
    async with transaction(request) as tx:
        contact = await contacts.create_contact(tx, actor_of(request), draft)
    headers = {"Location": f"/api/address-book/{contact.number}"}
    return success("", status=201, message="ok", metadata={"id": contact.number}, headers=headers)


async def show(request: web.Request) -> web.Response:
    async with transaction(request) as tx:
        contact = await contacts.get_contact(tx, actor_of(request), _number(request))
    return success(_render(contact, actor_of(request).tenant_slug), message="ok")


async def replace(request: web.Request) -> web.Response:
    body = await read_json(request)
    region = (await settings_of(request)).phone_region
    patch = parse_patch_v1(body, region).map_err(invalid_input).or_raise()
    async with transaction(request) as tx:
        await contacts.update_contact(tx, actor_of(request), _number(request), patch)
    return success("", message="ok")


async def delete(request: web.Request) -> web.Response:
    async with transaction(request) as tx:
        await contacts.delete_contact(tx, actor_of(request), _number(request))
    return success("", message="ok")


def _parse_list(query: Mapping[str, str], problems: Problems) -> tuple[ContactQuery, Page | None]:
    if not any(query.get(name) for name in _PAGE_PARAMETERS):
        return ContactQuery(), None
    page = parse_page(query, problems, size_name="limit")
    column, _, direction = query.get("sort", "id,asc").partition(",")
    if column not in _SORT_COLUMNS or direction not in {"", "asc", "desc"}:
        problems["sort"] = (f"must be one of {', '.join(_SORT_COLUMNS)} with ,asc or ,desc",)
        return ContactQuery(), page
    key = SortKey(_SORT_COLUMNS[column], descending=direction == "desc")  # type: ignore[arg-type]  # by the allow list
    where = ContactFilter(search=query.get("search") or None)
    return ContactQuery(where=where, sort=(key,), offset=page.offset, limit=page.size), page


def _parse_filter(query: Mapping[str, str], problems: Problems) -> ContactFilter:
    return ContactFilter(
        name_contains=query.get("name") or None,
        email_contains=query.get("email") or None,
        phone_contains=query.get("phone") or None,
        gender=_GENDERS.get(query.get("gender", "").lower()),
        age=_parse_integer(query, "age", problems),
        after_number=_parse_integer(query, "cursor", problems),
    )


def _parse_integer(query: Mapping[str, str], name: str, problems: Problems) -> int | None:
    text = query.get(name)
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return int(text)
    problems[name] = (f"must be a whole number, got {text[:40]!r}",)
    return None


def _number(request: web.Request) -> int:
    text = request.match_info["id"]
    if not _NUMBER.fullmatch(text):
        raise ContactNotFound(f"Person with id {text[:40]} not found")
    return int(text)


def _people(request: web.Request, items: tuple[Contact, ...]) -> list[dict[str, Any]]:
    slug = actor_of(request).tenant_slug
    return [_render(contact, slug) for contact in items]


def _render(contact: Contact, tenant_slug: str) -> dict[str, Any]:
    """The seven fields, and beside them what newer clients of v1 read."""
    return structs.asdict(render_contact_v1(contact)) | {
        "tenant_id": tenant_slug,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


ROUTES = (
    Route(1, "GET", "/address-book", list_all, permission="contacts:read", successor="/contacts"),
    Route(1, "POST", "/address-book", create, permission="contacts:create", successor="/contacts"),
    Route(
        1, "GET", "/address-book/filter", filter_people, permission="contacts:read", successor="/contacts"
    ),
    Route(1, "GET", "/address-book/{id}", show, permission="contacts:read", successor="/contacts"),
    Route(1, "PUT", "/address-book/{id}", replace, permission="contacts:update", successor="/contacts"),
    Route(1, "DELETE", "/address-book/{id}", delete, permission="contacts:delete", successor="/contacts"),
)
