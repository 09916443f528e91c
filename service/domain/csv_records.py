"""CSV text as records (RFC 4180), one bad record never spoiling the next.

The standard csv module is not used: a quote that is never closed swallows the rest of its file, and its
limit on the length of a field is one number for the whole process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from service.domain.text_files import MAX_LINE_BYTES, decode_line

_UNCLOSED = "a quotation mark is opened and never closed"
_STRAY = "text follows a closed quotation mark"


class CsvRecord(Struct, frozen=True):
    """`line` is where it begins; `is_guessed` that its encoding was. With a problem it has no fields."""

    line: int
    fields: list[str]
    is_guessed: bool = False
    problem: str | None = None


def iter_records(lines: Sequence[bytes], delimiter: str, start: int = 0) -> Iterator[CsvRecord]:
    """The records from `lines[start]` on; lines that are blank between them are none.

    A quote that is never closed costs its own line only: reading goes on with the next.
    """
    position = start
    while position < len(lines):
        text, is_guessed = decode_line(lines[position])
        taken = 1
        if '"' in text:
            record, taken = _read_quoted(lines, position, delimiter)
            yield record
        elif text and not text.isspace():
            yield CsvRecord(position + 1, text.split(delimiter), is_guessed)
        position += taken


def render_record(fields: Sequence[str]) -> str:
    """One record with its line end; a field is quoted when reading needs it."""
    return ",".join(map(_render_field, fields)) + "\r\n"


def _render_field(text: str) -> str:
    if any(special in text for special in ',;\t"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def _read_quoted(lines: Sequence[bytes], position: int, delimiter: str) -> tuple[CsvRecord, int]:
    """The record and the number of lines it takes."""
    reader, size, is_guessed = _QuotedReader(delimiter), 0, False
    for taken, index in enumerate(range(position, len(lines)), 1):
        text, guessed = decode_line(lines[index])
        is_guessed, size = is_guessed or guessed, size + len(lines[index])
        if reader.feed(text):
            fields = [] if reader.problem else reader.fields
            return CsvRecord(position + 1, fields, is_guessed, reader.problem), taken
        if size > MAX_LINE_BYTES:
            break
    return CsvRecord(position + 1, [], is_guessed, _UNCLOSED), 1


@dataclass(slots=True)
class _QuotedReader:
    """Reads one record line by line; `parts` holds the quoted field that is open, None when none is."""

    delimiter: str
    fields: list[str] = field(default_factory=list)
    parts: list[str] | None = None
    problem: str | None = None

    def feed(self, line: str) -> bool:
        """Whether the record is complete, by its end or by a problem."""
        at = 0
        while at <= len(line):
            if self.parts is not None:
                at = self._read_inside(line, at)
            elif line.startswith('"', at):
                self.parts, at = [], at + 1
            else:
                end = line.find(self.delimiter, at)
                self.fields.append(line[at:] if end < 0 else line[at:end])
                at = len(line) + 1 if end < 0 else end + 1
        return self.parts is None

    def _read_inside(self, line: str, at: int) -> int:
        """Up to after the delimiter that follows the closing quote, or past the end of the line."""
        parts = self.parts = self.parts or []
        close = line.find('"', at)
        while close >= 0 and line.startswith('""', close):
            close = line.find('"', close + 2)
        if close < 0:
            parts += line[at:], "\n"
            return len(line) + 1
        self.fields.append("".join([*parts, line[at:close]]).replace('""', '"'))
        self.parts = None
        rest = line[close + 1 :].lstrip(" ")
        if not rest:
            return len(line) + 1
        if not rest.startswith(self.delimiter):
            self.problem = _STRAY
            return len(line) + 1
        return len(line) - len(rest) + 1
