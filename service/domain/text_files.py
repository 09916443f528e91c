"""Bytes of an uploaded text file as lines; whatever is no text is refused as a whole, with a hint."""

from __future__ import annotations

import re

from engine.result import Err, Ok, Result
from service.domain.errors import ImportTooLarge, ImportUnreadable, ServiceError

# A photo in a vCard is folded into short lines; nothing that people type is a mebibyte long.
MAX_LINE_BYTES = 1024 * 1024

_UTF_8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# What ASCII text looks like in UTF-16 or UTF-32: a NUL beside most characters.
_WIDE_TEXT = re.compile(
    rb"(?:[\t\n\r -~]\x00){4}|(?:\x00[\t\n\r -~]){4}|(?:[ -~]\x00{3}){2}|(?:\x00{3}[ -~]){2}"
)
_SAVE_AS_UTF_8 = 'save it again as UTF-8; spreadsheet programs call that "CSV UTF-8"'


def read_lines(data: bytes) -> Result[list[bytes], ServiceError]:
    """The lines without their ends; line n of the file is item n - 1."""
    problem = _find_problem(data)
    if problem is not None:
        return Err(problem)
    text = data.removeprefix(_UTF_8_MARK)
    # Only the old Macintosh ended its lines by a carriage return alone.
    lines = text.split(b"\n") if b"\n" in text else text.split(b"\r")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_BYTES:
            return Err(
                ImportTooLarge(f"line {number} has {len(line)} bytes; the limit is {MAX_LINE_BYTES}")
            )
    return Ok([line.rstrip(b"\r") for line in lines])


def decode_line(line: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed: UTF-8, else what Windows wrote before it."""
    try:
        return line.decode(), False
    except UnicodeDecodeError:
        return decode_windows(line), True


def decode_windows(line: bytes) -> str:
    """Windows-1252, which leaves five bytes without meaning; they become control characters (WHATWG)."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_decode_byte(byte) for byte in line)


def _decode_byte(byte: int) -> str:
    return bytes((byte,)).decode("cp1252", "ignore") or chr(byte)


def _find_problem(data: bytes) -> ServiceError | None:
    if not data.strip():
        return ImportUnreadable("the file is empty")
    if data.startswith(_WIDE_MARKS) or _WIDE_TEXT.search(data, 0, 4096):
        return ImportUnreadable("the file is in UTF-16 or UTF-32", hint=_SAVE_AS_UTF_8)
    if b"\0" in data:
        return ImportUnreadable("the file is not text", hint="CSV and vCard files can be imported")
    return None
