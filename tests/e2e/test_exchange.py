"""Files in and out over HTTP: as address books wrote them, as damage makes them, and back again."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from http_client import raw_connection

from service.web.v2 import exchange

CARDS = sorted((Path(__file__).parents[1] / "data" / "vcards").glob("*.vcf"))
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada\r\nFN:Ada King\r\nEMAIL:ada@example.com\r\nEND:VCARD\r\n"
TABLE = b"first_name,last_name,email\nAda,King,ada@example.com\nBob,,bob@\nCarl,Gauss,carl@example.com\n"
CONTACTS = [
    {"first_name": "Ada", "last_name": "King", "email": "ada@example.com", "labels": ["math", "a,b;c"]},
    {"last_name": 'O\'Neil, "Jr"', "phone": "+1 212 555 0100", "address": "1 Main St\nNew York; NY, US"},
    {"first_name": "Zo\u00eb \U0001f600", "last_name": "=SUM(A1)", "email": "zoe@example.com"},
    {"first_name": "\u738b", "last_name": "\\n literal", "phone": "+442079460958"},
]


async def send(client, content, media_type="text/csv", query="", **headers):
    return await client.ask(
        "POST", f"/api/v2/contacts/import{query}", content, Content_Type=media_type, **headers
    )


async def export(client, kind):
    answer = await client.ask("GET", f"/api/v2/contacts/export?format={kind}", Accept="*/*")
    assert answer.status == 200, answer.raw
    return answer


async def count(client):
    return (await client.ask("GET", "/api/v2/contacts")).body["pagination"]["total"]


def summary(answer):
    assert answer.status == 200, answer.raw
    return {name: answer.body["data"][name] for name in ("rows", "imported", "duplicates", "rejected")}


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
async def test_the_cards_of_real_address_books_come_in_and_once_only(user, path):
    content = path.read_bytes()
    rows = content.upper().count(b"BEGIN:VCARD")
    first = summary(await send(user, content, "text/vcard"))
    assert first["rows"] == rows
    assert (first["imported"], first["rejected"]) == (rows, 0)
    assert await count(user) == rows
    assert summary(await send(user, content, "text/vcard"))["rows"] == rows


async def test_each_row_of_a_table_is_told_of(user):
    answer = await send(user, TABLE)
    assert summary(answer) == {"rows": 3, "imported": 2, "duplicates": 0, "rejected": 1}
    results = answer.body["data"]["results"]
    assert [(row["row"], row["line"], row["status"]) for row in results] == [
        (1, 2, "imported"),
        (2, 3, "rejected"),
        (3, 4, "imported"),
    ]
    assert results[1]["errors"]
    shown = await user.ask("GET", f"/api/v2/contacts/{results[0]['id']}")
    assert shown.body["data"]["first_name"] == "Ada"


async def test_what_is_there_already_is_a_duplicate(user):
    await send(user, TABLE)
    assert summary(await send(user, TABLE)) == {"rows": 3, "imported": 0, "duplicates": 2, "rejected": 1}
    assert await count(user) == 2


async def test_a_dry_run_tells_all_and_stores_nothing(user):
    assert summary(await send(user, TABLE, query="?dry_run=true"))["imported"] == 2
    assert await count(user) == 0


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/csv; charset=utf-8", TABLE),
        ("TEXT/CSV", TABLE),
        ("text/vcard", CARD),
        ("text/x-vcard", CARD),
        ("text/directory", CARD),
    ],
)
async def test_the_media_types_of_address_books_are_read(user, media_type, content):
    assert summary(await send(user, content, media_type))["imported"] >= 1


@pytest.mark.parametrize(
    ("filename", "media_type", "content"),
    [
        ("people.csv", "text/csv", TABLE),
        ("people.csv", "application/vnd.ms-excel", TABLE),
        ("card.VCF", "application/octet-stream", CARD),
    ],
)
async def test_a_form_may_carry_the_file(user, filename, media_type, content):
    form = aiohttp.FormData()
    form.add_field("note", "hello")
    form.add_field("file", content, filename=filename, content_type=media_type)
    url = f"{user.url}/api/v2/contacts/import"
    async with user.session.post(url, data=form, headers=user.headers) as answer:
        assert answer.status == 200
    assert await count(user) >= 1


async def test_a_form_without_a_file_is_refused(user):
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("note", "hello")
    url = f"{user.url}/api/v2/contacts/import"
    async with user.session.post(url, data=form, headers=user.headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n"],
)
async def test_a_broken_form_is_refused(user, content):
    answer = await send(user, content, "multipart/form-data; boundary=x")
    assert answer.status == 400
    assert (await send(user, content, "multipart/form-data")).status == 400


@pytest.mark.parametrize("kind", ["csv", "vcf"])
async def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same(user, stranger, kind):
    for contact in CONTACTS:
        assert (await user.ask("POST", "/api/v2/contacts", contact)).status == 201
    out = await export(user, kind)
    media_type = out.headers["Content-Type"]
    assert summary(await send(stranger, out.raw, media_type))["imported"] == len(CONTACTS)
    assert (await export(stranger, kind)).raw == out.raw
    fields = ("first_name", "last_name", "email", "phone", "address", "labels")
    mine, theirs = [
        [{name: contact[name] for name in fields} for contact in answer.body["data"]]
        for answer in [
            await client.ask("GET", "/api/v2/contacts?sort=created_at") for client in (user, stranger)
        ]
    ]
    assert sorted(map(str, mine)) == sorted(map(str, theirs))


@pytest.mark.parametrize(("kind", "media_type"), [("csv", "text/csv"), ("vcf", "text/vcard")])
async def test_an_export_is_a_file_that_pages_may_read(user, kind, media_type):
    answer = await user.ask(
        "GET", f"/api/v2/contacts/export?format={kind}", Origin="http://localhost:3000", Accept=media_type
    )
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="contacts.{kind}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"]


async def test_many_contacts_go_out_in_pieces(user):
    rows = b"".join(b"Person %d,p%d@example.com\n" % (n, n) for n in range(5000))
    assert summary(await send(user, b"last_name,email\n" + rows))["imported"] == 5000
    answer = await export(user, "csv")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.raw.count(b"@example.com") == 5000


async def test_head_says_what_an_export_would_be(user):
    answer = await user.ask("HEAD", "/api/v2/contacts/export?format=vcf")
    assert (answer.status, answer.raw) == (200, b"")


async def test_a_format_that_is_not_known_is_refused(user):
    answer = await user.ask("GET", "/api/v2/contacts/export?format=xlsx")
    assert (answer.status, set(answer.body["errors"])) == (400, {"format"})


DAMAGED = {
    "nothing": (b"", "text/vcard", 400),
    "nothing as a table": (b"", "text/csv", 400),
    "white space": (b"\r\n \n", "text/csv", 400),
    "a card cut short": (CARD[:70], "text/vcard", 400),
    "a table as a card": (TABLE, "text/vcard", 400),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "text/vcard", 400),
    "an image as a table": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "text/csv", 400),
    "UTF-16": (CARD.decode().encode("utf-16"), "text/vcard", 400),
    "UTF-16 table": (TABLE.decode().encode("utf-16-le"), "text/csv", 400),
    "no known column": (b"a,b\n1,2\n", "text/csv", 400),
    "a long line": (b"last_name\n" + b"x" * 20_000_000, "text/csv", 413),
    "a long line in a card": (CARD[:-13] + b"NOTE:" + b"x" * 20_000_000, "text/vcard", 413),
    "50 MB": (b"last_name\n" + b"x" * 50_000_000, "text/csv", 413),
    "JSON": (b'{"last_name": "King"}', "application/json", 415),
    "undeclared": (CARD, "", 415),
    "a sheet": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 415),
}


@pytest.mark.parametrize("case", DAMAGED)
async def test_a_file_that_can_not_be_read_is_refused_as_a_whole(user, case):
    content, media_type, status = DAMAGED[case]
    answer = await send(user, content, media_type)
    assert answer.status == status, answer.raw[:300]
    assert answer.body["message"]
    assert len(answer.raw) < 2000
    assert await count(user) == 0


async def test_a_quote_that_is_never_closed_costs_its_own_row(user):
    answer = await send(user, TABLE + b'Dora,"Open,dora@example.com\n')
    assert summary(answer) == {"rows": 4, "imported": 2, "duplicates": 0, "rejected": 2}
    assert answer.body["data"]["results"][3]["errors"] == {
        "row": ["a quotation mark is opened and never closed"]
    }


async def test_those_who_only_read_export_and_do_not_import(anonymous, tenant):
    reader = await anonymous.log_in(tenant, "reader")
    assert (await send(reader, TABLE)).status == 403
    await export(reader, "csv")


async def test_a_file_over_the_tenants_limit_is_refused_while_it_comes(anonymous, tenant, user):
    admin = await anonymous.log_in(tenant, "admin")
    limit = {"settings": {"limits.import_bytes": 100_000}}
    assert (await admin.ask("PATCH", f"/api/v2/tenants/{tenant}/config", limit)).status == 200
    async with raw_connection(user) as (reader, writer):
        token = user.headers["Authorization"]
        writer.write(
            "POST /api/v2/contacts/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
            f"Authorization: {token}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n10000\r\n" + b"x" * 65_536 + b"\r\n")
        assert b" 413 " in await reader.readline()


@pytest.mark.parametrize("media_type", ["text/csv", "multipart/form-data; boundary=x"])
async def test_a_file_that_comes_too_slowly_is_refused(user, monkeypatch, media_type):
    monkeypatch.setattr(exchange, "FILE_TIMEOUT_S", 0.1)
    async with raw_connection(user) as (reader, writer):
        token = user.headers["Authorization"]
        head = f"Host: x\r\nContent-Type: {media_type}\r\nAuthorization: {token}\r\nContent-Length: 99"
        writer.write(f"POST /api/v2/contacts/import HTTP/1.1\r\n{head}\r\n\r\n--x\r\n".encode())
        async with asyncio.timeout(5):
            assert b" 408 " in await reader.readline()
    assert await count(user) == 0


async def test_contacts_are_grouped_by_letter(user):
    for contact in CONTACTS:
        await user.ask("POST", "/api/v2/contacts", contact)
    answer = await user.ask("GET", "/api/v2/contacts/groups")
    groups = {group["group"]: group["count"] for group in answer.body["data"]}
    assert {"K": 1, "O": 1}.items() <= groups.items()
    assert sum(groups.values()) == len(CONTACTS)


async def test_contacts_that_share_something_are_shown_together(user):
    for n in range(2):
        phone = {"last_name": f"King{n}", "phone": "+1 212 555 0100"}
        assert (await user.ask("POST", "/api/v2/contacts", phone)).status == 201
    (group,) = (await user.ask("GET", "/api/v2/contacts/duplicates")).body["data"]
    assert {contact["last_name"] for contact in group["contacts"]} == {"King0", "King1"}
