"""E-mail addresses: their syntax, and the one spelling that is stored. Nothing here asks the DNS."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from engine.result import Err, Ok, Result
from service.domain.texts import parse_line

# RFC 5321, 4.5.3.1.3: a path of 256 octets, less its two brackets.
MAX_EMAIL_LENGTH = 254


def parse_email(value: object) -> Result[str, str]:
    """The address with its domain in lower case; the empty text is no address and is allowed."""
    return parse_line(value, MAX_EMAIL_LENGTH).and_then(_check_syntax)


def spell_email(text: str) -> str:
    """As it is stored; what is no address stays as it is, for the rules to refuse."""
    parsed = parse_email(text)
    return parsed.value if isinstance(parsed, Ok) else text


def _check_syntax(text: str) -> Result[str, str]:
    if not text:
        return Ok("")
    try:
        return Ok(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        # The library's own sentences quote the input, whatever it holds.
        return Err("is not a valid e-mail address")
