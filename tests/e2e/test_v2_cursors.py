"""Pages of contacts by cursor: every contact once, whatever is written meanwhile; no cursor but ours."""

import base64
from itertools import count
from urllib.parse import urlencode

import pytest

LIST = "/api/v2/contacts"
ORDERS = ["", "-created_at", "number", "last_name,-email", "-phone,first_name"]


async def add(client, *last_names):
    for last_name in last_names:
        answer = await client.ask("POST", LIST, {"last_name": last_name})
        assert answer.status == 201, answer.raw


async def page(client, **parameters):
    answer = await client.ask("GET", f"{LIST}?{urlencode(parameters)}")
    assert answer.status == 200, answer.raw
    return answer.body["data"], answer.body["pagination"]


async def walk(client, way, **parameters):
    """The pages from here on, until there is no cursor."""
    pages = []
    while True:
        data, pagination = await page(client, **parameters)
        pages.append(data)
        if pagination[way] is None:
            return pages
        parameters["cursor"] = pagination[way]
        parameters.pop("page", None)


def ids(pages):
    return [contact["id"] for data in pages for contact in data]


async def first_cursor(client, **parameters):
    cursor = (await page(client, per_page=1, **parameters))[1]["next_cursor"]
    assert cursor
    return cursor


async def refusal(client, **parameters):
    answer = await client.ask("GET", f"{LIST}?{urlencode(parameters)}")
    return answer.status, answer.body["code"], set(answer.body["errors"])


INVALID = (400, "request.cursor_invalid", {"cursor"})


@pytest.mark.parametrize("sort", ORDERS)
async def test_pages_by_cursor_are_the_pages_by_number_in_both_directions(user, sort):
    await add(user, "b", "B", "a", "C", "a")
    by_number = [(await page(user, sort=sort, per_page=2, page=number))[0] for number in (1, 2, 3)]

    assert await walk(user, "next_cursor", sort=sort, per_page=2) == by_number
    back = await walk(user, "prev_cursor", sort=sort, per_page=2, page=3)
    assert ids(reversed(back)) == ids(by_number)


async def test_what_is_written_between_pages_repeats_and_hides_nothing(user):
    await add(user, *"cegik")
    names, numbers = [], count()
    data, pagination = await page(user, per_page=2)
    while data:
        names += [contact["last_name"] for contact in data]
        # Before and after the place that was reached.
        await add(user, f"a{next(numbers)}", f"z{next(numbers)}")
        cursor = pagination["next_cursor"]
        data, pagination = (
            await page(user, per_page=2, cursor=cursor) if cursor and len(names) < 9 else ([], {})
        )

    assert len(set(names)) == len(names)
    assert [name for name in names if name in set("cegik")] == list("cegik")


async def test_the_row_at_the_place_may_be_gone(user):
    await add(user, *"abc")
    [first], pagination = await page(user, per_page=1)
    assert (await user.ask("DELETE", f"{LIST}/{first['id']}")).status == 200

    data, _ = await page(user, per_page=1, cursor=pagination["next_cursor"])

    assert [contact["last_name"] for contact in data] == ["b"]


async def test_a_cursor_leads_through_a_search_with_pages_of_any_size(user):
    await add(user, "ax", "b", "cx", "dx")
    cursor = await first_cursor(user, search="X")

    data, pagination = await page(user, search="X", per_page=7, cursor=cursor)

    assert [contact["last_name"] for contact in data] == ["cx", "dx"]
    assert pagination | {"prev_cursor": ""} == {
        "current_page": None,
        "per_page": 7,
        "total": 3,
        "total_pages": 1,
        "next_cursor": None,
        "prev_cursor": "",
    }


async def test_cursors_lead_through_what_was_found_in_the_order_of_relevance(user):
    await add(user, "Loveland", "Lovelace", "Lovell", "Lover", "Lovelac")
    everything, _ = await page(user, search="lovelace")

    pages = await walk(user, "next_cursor", search="lovelace", per_page=1)

    assert ids(pages) == ids([everything])
    assert everything[0]["last_name"] == "Lovelace"
    back = await walk(user, "prev_cursor", search="lovelace", per_page=1, page=len(pages))
    assert ids(reversed(back)) == ids(pages)


@pytest.mark.parametrize("other", [{"sort": "-last_name"}, {"sort": "email"}, {"search": "a"}])
async def test_a_cursor_is_of_one_order_and_search(user, other):
    await add(user, *"ab")
    cursor = await first_cursor(user)

    assert await refusal(user, cursor=cursor, **other) == INVALID


async def test_a_cursor_of_another_tenant_is_none(user, stranger):
    await add(user, *"ab")
    await add(stranger, *"ab")

    assert await refusal(stranger, cursor=await first_cursor(user)) == INVALID


async def test_no_letter_of_a_cursor_can_be_changed_or_left_out(user):
    await add(user, *"ab")
    cursor = await first_cursor(user)
    changed = [
        f"{cursor[:n]}{'A' if cursor[n] != 'A' else 'B'}{cursor[n + 1 :]}" for n in range(len(cursor))
    ]

    for text in (*changed, cursor[:-1], cursor[1:], cursor[: len(cursor) // 2], cursor + "A", cursor + "="):
        assert await refusal(user, cursor=text) == INVALID


@pytest.mark.parametrize(
    "text", ["", "x", "!!!", "é", "\0", "=", "A" * 4097, base64.b64encode(bytes(40)).decode(), "[]"]
)
async def test_what_was_never_a_cursor_is_refused(user, text):
    assert await refusal(user, cursor=text) == INVALID


async def test_the_longest_contact_has_a_cursor_that_works(user):
    name = "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL A}" * 200
    for phone in ("+442079460958", "+442079460959"):
        body = {"first_name": name, "last_name": name, "phone": phone, "email": f"{phone[1:]}@example.com"}
        assert (await user.ask("POST", LIST, body)).status == 201
    sort = "last_name,first_name,-email,phone,created_at,updated_at"

    assert len(ids(await walk(user, "next_cursor", sort=sort, per_page=1))) == 2


async def test_a_page_number_beside_a_cursor_is_refused(user):
    await add(user, *"ab")

    assert await refusal(user, cursor=await first_cursor(user), page=2) == (
        400,
        "request.invalid",
        {"page"},
    )
