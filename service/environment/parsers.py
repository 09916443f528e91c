"""Text of one variable -> value. Each raises ValueError for what it does not take."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
LONGEST_NUMBER = 15  # digits: enough for any setting, and quick to read


def parse_text(text: str) -> str:
    return text


def parse_bool(text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise ValueError(text)
    return text.lower() in TRUE


def parse_list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def parse_origins(text: str) -> tuple[str, ...]:
    origins = parse_list(text)
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[^/?#@\s]+", origin):
            raise ValueError(origin)
    return origins


def parse_networks(text: str) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(part)) for part in parse_list(text))


def parse_keys(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition(":") for part in parse_list(text)]
    names = [name for name, _, _ in pairs]
    if not pairs or len(set(names)) < len(names) or not all(name and secret for name, _, secret in pairs):
        raise ValueError(text)
    return tuple((name, secret) for name, _, secret in pairs)


def parse_key(text: str) -> tuple[tuple[str, str], ...]:
    return (("default", text),)


def parse_keys_or_path(text: str) -> tuple[tuple[str, str], ...] | Path:
    """What begins as a path does is one: a key's name never begins so."""
    return Path(text) if text.startswith(("/", "./", "../")) else parse_keys(text)


def parse_region(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValueError(text)
    return text.upper()


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", text):
            raise ValueError(text)
        number = int(text)
        if number < least or (most is not None and number > most):
            raise ValueError(text)
        return number

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(text)
        return text.lower()

    return parse


def url_of(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not (parts.netloc or parts.path or parts.query):
            raise ValueError(text)
        _ = parts.port  # read for its check
        return text

    return parse


def at_least(characters: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) < characters:
            raise ValueError(text)
        return text

    return parse


def one_toml_value(value: object) -> str:
    """The text that the environment would hold for a value of the TOML file."""
    match value:
        case bool():
            return str(value).lower()
        case str() | int():
            return str(value)
        case list():
            return ",".join(one_toml_value(item) for item in value)
        case dict():
            return ",".join(f"{key}:{one_toml_value(item)}" for key, item in value.items())
    raise ValueError(msgspec.json.encode(value).decode())
