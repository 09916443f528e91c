"""A vCard file as cards: lines unfolded, cards told apart. A damaged file is refused as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from engine.result import Err, Ok, Result
from service.domain.errors import ImportTooLarge, ImportUnreadable, ServiceError
from service.domain.found_contacts import GUESSED
from service.domain.text_files import decode_line
from service.domain.vcard_lines import Property, escape_text, parse_property

MAX_VALUE_BYTES = 4 * 1024 * 1024

_BEGIN, _END = b"BEGIN:VCARD", b"END:VCARD"
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]+")
_IS_BASE64 = re.compile(rb"[;=](?:BASE64|B)(?:;|$)")


class Card(Struct, frozen=True):
    """`line` is where it begins."""

    line: int
    properties: tuple[Property, ...]
    warnings: tuple[str, ...] = ()


def has_vcard(lines: Sequence[bytes]) -> bool:
    return next((_word(line) for line in lines if line.strip()), b"") == _BEGIN


def read_cards(lines: Sequence[bytes]) -> Result[list[Card], ServiceError]:
    """All cards of a file, or why it can not be used; a card that does not end is a truncated file."""
    try:
        cards = list(_iter_cards(_iter_unfolded(lines)))
    except ServiceError as error:
        return Err(error)
    return Ok(cards) if cards else Err(ImportUnreadable("the file holds no BEGIN:VCARD"))


def _iter_cards(lines: Iterator[tuple[int, bytes]]) -> Iterator[Card]:
    for number, line in lines:
        if _word(line) != _BEGIN:
            raise ImportUnreadable(
                f"line {number} is outside of any card: a BEGIN:VCARD is missing before it"
            )
        yield _read_card(number, lines)


def _read_card(begin: int, lines: Iterator[tuple[int, bytes]]) -> Card:
    """The card whose BEGIN:VCARD was just read."""
    properties, warnings, is_21 = list[Property](), dict[str, None](), False
    for number, line in lines:
        word = _word(line)
        if word == _END:
            return Card(begin, tuple(properties), tuple(warnings))
        if word == _BEGIN:
            properties[-1:] = [_with_agent(properties, begin, number, lines)]
            continue
        is_21 = is_21 or word == b"VERSION:2.1"
        if decode_line(line)[1]:
            warnings[GUESSED] = None
        properties.append(_read_property(number, line, warnings, is_21=is_21))
    raise _truncated(begin)


def _read_property(number: int, line: bytes, warnings: dict[str, None], *, is_21: bool) -> Property:
    parsed = parse_property(line, is_21=is_21)
    if isinstance(parsed, Ok):
        return parsed.value
    warnings[f"line {number} {parsed.error}; kept as it is"] = None
    return Property("X-UNREADABLE", escape_text(decode_line(line)[0]))


def _with_agent(
    properties: list[Property], begin: int, number: int, lines: Iterator[tuple[int, bytes]]
) -> Property:
    """Version 2.1 writes the card of an agent into the card; 3.0 makes it the text of the property."""
    if not properties or properties[-1].name != "AGENT" or properties[-1].value.strip():
        raise _truncated(begin)
    nested, depth = ["BEGIN:VCARD"], 1
    for _, line in lines:
        depth += {_BEGIN: 1, _END: -1}.get(_word(line), 0)
        nested.append(decode_line(line)[0])
        if depth == 0:
            return structs.replace(properties[-1], value=escape_text("\n".join(nested)))
    raise _truncated(number)


def _iter_unfolded(lines: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Whole content lines with the number of their first line; blank lines are none."""
    position, is_21 = 0, False
    while position < len(lines):
        end = _find_end(lines, position)
        if _word(lines[position]).startswith(b"VERSION:"):
            is_21 = _word(lines[position]) == b"VERSION:2.1"
        if lines[position].strip():
            yield position + 1, _join(lines, position, end, keeps_space=is_21)
        position = end


def _find_end(lines: Sequence[bytes], start: int) -> int:
    """The line after the last one of a content line: soft breaks, blocks of base64, or folds."""
    head = lines[start].partition(b":")[0].upper()
    end = start + 1
    if b"QUOTED-PRINTABLE" in head:
        while end < len(lines) and lines[end - 1].endswith(b"=") and _word(lines[end]) != _END:
            end += 1
    elif _IS_BASE64.search(head):
        while end < len(lines) and _BASE64.fullmatch(lines[end].strip()):
            end += 1
    while end < len(lines) and lines[end].startswith((b" ", b"\t")):
        end += 1
    return end


def _join(lines: Sequence[bytes], start: int, end: int, *, keeps_space: bool) -> bytes:
    """Version 2.1 folds before white space that belongs to the text, 3.0 inserts what is not text."""
    parts = [lines[start], *lines[start + 1 : end]]
    size = sum(map(len, parts))
    if size > MAX_VALUE_BYTES:
        raise ImportTooLarge(
            f"the value in line {start + 1} has {size} bytes; the limit is {MAX_VALUE_BYTES}"
        )
    is_quoted = b"QUOTED-PRINTABLE" in parts[0].partition(b":")[0].upper()
    if is_quoted:
        parts[:-1] = [part.removesuffix(b"=") for part in parts[:-1]]
    if not (keeps_space or is_quoted):
        parts[1:] = [part[1:] if part.startswith((b" ", b"\t")) else part for part in parts[1:]]
    return b"".join(parts)


def _word(line: bytes) -> bytes:
    """A short line for comparing: case and white space do not count."""
    return line.strip().upper() if len(line) < 40 else b""  # noqa: PLR2004 - none of the words is longer


def _truncated(begin: int) -> ImportUnreadable:
    return ImportUnreadable(f"the card that begins in line {begin} has no END:VCARD: the file is cut off")
