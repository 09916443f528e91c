"""Text as the service stores it: composed (NFC), trimmed, without characters that no name holds."""

from __future__ import annotations

import re
import unicodedata

from engine.result import Err, Ok, Result
from engine.validation import name_of_type

# PostgreSQL stores neither NUL nor a lone surrogate; other control characters only come from damage.
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_SPACE = re.compile(r"[\t-\r\x1c-\x1f\x85]+")
_LINE_END = re.compile(r"\r\n?")


def parse_line(value: object, max_length: int) -> Result[str, str]:
    """One line of text of at most `max_length` characters, or what is wrong with it."""
    return _parse(value, max_length, _UNSTORABLE, "must not hold control characters or line breaks")


def parse_lines(value: object, max_length: int) -> Result[str, str]:
    """Text that may have line breaks; each becomes one line feed."""
    if isinstance(value, str):
        value = _LINE_END.sub("\n", value)
    return _parse(value, max_length, _UNSTORABLE_IN_LINES, "must not hold control characters")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes the text inside a JSON document."""
    return "\0" not in text and not (not text.isascii() and _has_surrogate(text))


def join_lines(text: str) -> str:
    """The text on one line, composed: line breaks and tabs become a space."""
    return compose(_LINE_SPACE.sub(" ", text)).strip()


def compose(text: str) -> str:
    """NFC: an accented letter is one character wherever there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _parse(value: object, max_length: int, refused: re.Pattern[str], why: str) -> Result[str, str]:
    if not isinstance(value, str):
        return Err(f"must be text, got {name_of_type(value)}")
    # Composing shortens a text by less than this, so a giant is refused before it costs anything.
    text = value if len(value) > 4 * max_length + 1000 else compose(value).strip()
    if len(text) > max_length:
        return Err(f"must have at most {max_length} characters, got {len(text)}")
    return Err(why) if refused.search(text) else Ok(text)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
