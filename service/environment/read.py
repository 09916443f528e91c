"""Environment and TOML file -> settings, or every problem at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.environment.parsers import one_toml_value
from service.environment.variables import VARIABLES, Variable
from service.settings import Settings

CONFIG_VARIABLE = "CHAINBOOK_CONFIG"
SHORTEST_SECRET = 32  # bytes: RFC 7518, 3.2 wants a key as long as the hash

Problems: TypeAlias = tuple["Problem", ...]


class Problem(Struct, frozen=True):
    """One variable that can not be used. `got` is None where showing it would tell a secret."""

    name: str
    expected: str
    got: str | None = None

    def __str__(self) -> str:
        return f"{self.name}: expected {self.expected}" + (
            "" if self.got is None else f", got {self.got!r}"
        )


def read_settings(environ: Mapping[str, str]) -> Result[Settings, Problems]:
    """The settings; what the environment sets wins over the file that CHAINBOOK_CONFIG names.

    A variable that is empty counts as not set. Reads that one file and nothing else.
    """
    from_file, problems = _read_file(environ.get(CONFIG_VARIABLE))
    texts = {variable.name: from_file.get(variable.name, "") for variable in VARIABLES}
    texts |= {name: environ[name] for name in texts if environ.get(name)}
    return _parse(texts, problems)


def _parse(texts: Mapping[str, str], problems: Problems) -> Result[Settings, Problems]:
    fields: dict[str, Any] = {}
    not_in_effect = []
    for variable in VARIABLES:
        text = texts[variable.name].strip()
        if not text:
            continue
        try:
            value = variable.parse(text)
        except ValueError:
            problems += (_problem(variable, text),)
            continue
        if variable.field is None:
            not_in_effect.append(variable.name)
        else:
            fields[variable.field] = value
    settings = Settings(**fields, not_in_effect=tuple(not_in_effect))
    problems += _clashes(settings, texts)
    return Err(problems) if problems else Ok(settings)


def _problem(variable: Variable, text: str) -> Problem:
    return Problem(variable.name, variable.expected, None if variable.is_secret else text)


def _clashes(settings: Settings, texts: Mapping[str, str]) -> Problems:
    """What is wrong between variables that are each right."""
    found = []
    if texts["JWT_SECRET"] and texts["JWT_KEYS"]:
        found.append(
            Problem("JWT_SECRET", "not to be set beside JWT_KEYS (a kid `default` there keeps it)")
        )
    found += _secret_problems(settings, "JWT_KEYS" if texts["JWT_KEYS"] else "JWT_SECRET")
    if settings.cors_allow_credentials and "*" in settings.cors_allowed_origins:
        found.append(Problem("CORS_ALLOWED_ORIGINS", "named origins when credentials are allowed", "*"))
    return tuple(found)


def _secret_problems(settings: Settings, name: str) -> list[Problem]:
    if settings.app_env == "production" and not settings.jwt_keys:
        return [Problem(name, f"a secret of {SHORTEST_SECRET} bytes or more in production, none is set")]
    if isinstance(settings.jwt_keys, Path):
        return []
    return [
        Problem(name, f"{SHORTEST_SECRET} bytes or more, the secret of {kid!r} has {len(secret.encode())}")
        for kid, secret in settings.jwt_keys
        if len(secret.encode()) < SHORTEST_SECRET
    ]


def _read_file(path: str | None) -> tuple[dict[str, str], Problems]:
    if not path:
        return {}, ()
    try:
        table = tomllib.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        return {}, (Problem(CONFIG_VARIABLE, f"a readable TOML file ({error})", path),)
    known = {variable.name: variable for variable in VARIABLES}
    texts: dict[str, str] = {}
    problems = []
    for key, value in table.items():
        variable = known.get(key.upper())
        if variable is None:
            problems.append(Problem(CONFIG_VARIABLE, "only names of settings in the file", key))
            continue
        try:
            texts[variable.name] = one_toml_value(value)
        except ValueError as error:
            problems.append(_problem(variable, str(error)))
    return texts, tuple(problems)
