"""The content lines of vCard 2.1, 3.0 and 4.0: unfolded, taken apart, and written as 3.0 (RFC 2426).

A value is kept as version 3.0 writes it, escapes and all: what is not understood is given back unchanged.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.text_files import decode_line

# RFC 2425, 5.8.1: lines longer than 75 octets should be folded.
_FOLD_OCTETS = 75
_HEAD = re.compile(r'(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)((?:;(?:[^":;]|"[^"]*")*)*):', re.DOTALL)
_PARAMETER = re.compile(r';([^";=]*)(?:=((?:[^";]|"[^"]*")*))?')
_PARAMETER_VALUE = re.compile(r'"[^"]*"|[^",]+')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_CARET_MEANS = {"n": "\n", "^": "^", "'": '"'}
_BARE_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT")
# Only these have parts in version 2.1; elsewhere a semicolon is a semicolon.
_STRUCTURED = frozenset({"N", "ADR", "ORG", "GEO"})
_URIS = frozenset({"URL", "SOURCE", "FBURL", "CALURI", "CALADRURI"})

Parameters = tuple[tuple[str, tuple[str, ...]], ...]


class Property(Struct, frozen=True):
    """`EMAIL;TYPE=HOME:ada@example.com`; standard names in upper case, `value` with its escapes."""

    name: str
    value: str
    parameters: Parameters = ()
    group: str = ""

    def types(self) -> frozenset[str]:
        """The TYPE parameters in upper case, and PREF where version 4.0 says it by number."""
        types = {value.upper() for name, values in self.parameters if name == "TYPE" for value in values}
        return frozenset(types | {name for name, _ in self.parameters if name == "PREF"})


def parse_property(line: bytes, *, is_21: bool = False) -> Result[Property, str]:
    """One unfolded line; Err for what is no content line."""
    text, _ = decode_line(line)
    head = _HEAD.match(text)
    if head is None:
        return Err("is not NAME:value")
    name, value = _cased(head[2]), text[head.end() :]
    parameters = tuple(_iter_parameters(head[3]))
    encoding, charset = _find_parameter(parameters, "ENCODING"), _find_parameter(parameters, "CHARSET")
    if encoding in ("BASE64", "B"):
        value = "".join(value.split())
        parameters = (*_without(parameters, "ENCODING"), ("ENCODING", ("b",)))
    elif is_21 or encoding == "QUOTED-PRINTABLE":
        is_quoted = encoding == "QUOTED-PRINTABLE"
        value = _as_version_3(name, value, charset if is_quoted else "", is_21=is_21, is_quoted=is_quoted)
        parameters = _without(_without(parameters, "ENCODING"), "CHARSET")
    return Ok(Property(name, value.replace("\r", ""), parameters, head[1] or ""))


def render_property(item: Property) -> str:
    """The content line, not folded."""
    group = f"{item.group}." if item.group else ""
    parameters = "".join(f";{name}={','.join(map(_quote, values))}" for name, values in item.parameters)
    return f"{group}{item.name}{parameters}:{item.value}"


def fold_line(text: str) -> str:
    """The line with its end, in pieces of at most 75 octets that never divide a character."""
    data, pieces, start, room = text.encode(), [], 0, _FOLD_OCTETS
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # noqa: PLR2004 - the second and later bytes of UTF-8 (RFC 3629)
            end -= 1
        pieces.append(data[start:end].decode())
        start, room = end, _FOLD_OCTETS - 1
    return "\r\n ".join([*pieces, data[start:].decode()]) + "\r\n"


def escape_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def unescape_text(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def split_value(value: str, separator: str) -> list[str]:
    """The parts between separators that are not escaped, unescaped themselves."""
    return [unescape_text(part) for part in _split_raw(value, separator)]


def _split_raw(value: str, separator: str) -> list[str]:
    return re.findall(rf"(?:^|{separator})((?:[^\\{separator}]|\\.|\\$)*)", value, re.DOTALL) or [""]


def _iter_parameters(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Version 2.1 leaves the names of types and encodings out."""
    for name, values in _PARAMETER.findall(text):
        bare = name.strip().upper()
        if values:
            yield bare, tuple(_unquote(value) for value in _PARAMETER_VALUE.findall(values))
        elif bare:
            yield ("ENCODING" if bare in _BARE_ENCODINGS else "TYPE"), (bare,)


def _unquote(value: str) -> str:
    return _CARET.sub(lambda found: _CARET_MEANS[found[1]], value.strip('"'))


def _quote(value: str) -> str:
    """RFC 6868 for what quotes can not hold."""
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if any(special in value for special in ",:;") else value


def _cased(name: str) -> str:
    """Case does not count, but readers of their own extensions may not know that."""
    return name.upper() if name[:2] not in ("X-", "x-") else name


def _find_parameter(parameters: Parameters, wanted: str) -> str:
    return next((values[0].upper() for name, values in parameters if name == wanted and values), "")


def _without(parameters: Parameters, unwanted: str) -> Parameters:
    return tuple(item for item in parameters if item[0] != unwanted)


def _as_version_3(name: str, value: str, charset: str, *, is_21: bool, is_quoted: bool) -> str:
    """In version 2.1 only a semicolon is ever escaped; comma and backslash are themselves."""

    def decode(part: str) -> str:
        return _decode_quoted(part, charset) if is_quoted else part

    if not is_21:
        return decode(value).replace("\r\n", "\n").replace("\n", "\\n")
    if name in _URIS:
        return decode(value)
    parts = re.split(r"(?<!\\);", value) if name in _STRUCTURED else [value]
    return ";".join(escape_text(decode(part.replace("\\;", ";")).replace("\r\n", "\n")) for part in parts)


def _decode_quoted(text: str, charset: str) -> str:
    data = quopri.decodestring(text.encode())
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return decode_line(data)[0]
