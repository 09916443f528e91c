"""A tenant's configuration: settings and feature flags that it has set, and what changes them.

A configuration is a persistent map from path to value: `settings.contacts.page_size` to 20, `flags.beta` to
true.
What is not in it has its default. A transition is a pure function from one to the next, or to all problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from engine import PMap
from engine.result import Err, Ok, Result
from engine.validation import name_of_type
from service.domain.problems import Problems
from service.domain.tenant_settings import Setting, SettingsTable, TenantSettings, Value

SETTINGS = "settings."
FLAGS = "flags."
MAX_FLAGS = 100
MAX_MEMBERS = 200
FLAG_PATTERN = "^[a-z][a-z0-9_.]{0,63}$"

_FLAG_NAME = re.compile(FLAG_PATTERN.strip("^$"), re.ASCII)
_LONGEST_SHOWN = 80

Configuration: TypeAlias = PMap[str, Value]
Transition: TypeAlias = Callable[[Configuration], Result[Configuration, Problems]]


def change(document: Mapping[str, Any], table: SettingsTable) -> Transition:
    """What a document asks for: `{"settings": {name: value}, "flags": {name: bool}}`.

    Null is the way back to the default, of one or of all that stand under a name.
    """
    steps = all_of(_steps_of(part, value, table) for part, value in document.items())
    return lambda configuration: steps(configuration).and_then(validate)


def set_settings(values: Mapping[str, object], table: SettingsTable) -> Transition:
    return all_of(_set_setting(name, value, table) for name, value in values.items())


def set_flags(values: Mapping[str, object]) -> Transition:
    return all_of(_set_flag(name, value) for name, value in values.items())


def remove(paths: Iterable[str]) -> Transition:
    """Back to the default; what is not set stays so."""
    return all_of(_remove(path) for path in paths)


def reset(prefix: str = "") -> Transition:
    """Back to the default with all of it, or all of the paths that begin so."""
    return lambda configuration: remove(path for path in configuration if path.startswith(prefix))(
        configuration
    )


def restore(contents: Configuration) -> Transition:
    """As it was: the contents of an earlier version. What was allowed then is not asked again."""
    return lambda _: Ok(contents)


def all_of(transitions: Iterable[Transition]) -> Transition:
    """One after the other; when any is refused all are, with the problems of all."""
    steps = tuple(transitions)

    def apply(configuration: Configuration) -> Result[Configuration, Problems]:
        problems: Problems = {}
        for step in steps:
            result = step(configuration)
            if isinstance(result, Ok):
                configuration = result.value
            else:
                problems |= result.error
        return Err(problems) if problems else Ok(configuration)

    return apply


def validate(configuration: Configuration) -> Result[Configuration, Problems]:
    """What must hold of the whole after a change."""
    count = sum(path.startswith(FLAGS) for path in configuration)
    if count > MAX_FLAGS:
        return Err({"flags": (f"must be at most {MAX_FLAGS} flags, got {count}",)})
    return Ok(configuration)


def values_in_effect(configuration: Configuration, table: SettingsTable) -> dict[str, Value]:
    """Every setting of the table. A stored value that the table does not allow any more has no effect."""
    return {name: _value_of(configuration, setting) for name, setting in table.items()}


def settings_in_effect(configuration: Configuration, table: SettingsTable) -> TenantSettings:
    return msgspec.convert(values_in_effect(configuration, table), TenantSettings)


def names_at_default(configuration: Configuration, table: SettingsTable) -> tuple[str, ...]:
    return tuple(name for name in table if SETTINGS + name not in configuration)


def flags_of(configuration: Configuration) -> dict[str, bool]:
    """By name, in order."""
    found = {
        path.removeprefix(FLAGS): bool(value)
        for path, value in configuration.items()
        if path.startswith(FLAGS)
    }
    return dict(sorted(found.items()))


def _steps_of(part: str, value: object, table: SettingsTable) -> Transition:
    if part not in {"settings", "flags"}:
        return _refuse(part[:_LONGEST_SHOWN], "is not known here, expected settings, flags")
    if value is None:
        return reset(f"{part}.")
    if not isinstance(value, dict):
        return _refuse(part, f"must be an object, got {name_of_type(value)}")
    if len(value) > MAX_MEMBERS:
        return _refuse(part, f"must have at most {MAX_MEMBERS} members, got {len(value)}")
    return set_settings(value, table) if part == "settings" else set_flags(value)


def _set_setting(name: str, value: object, table: SettingsTable) -> Transition:
    path = SETTINGS + name
    setting = table.get(name)
    if setting is None:
        # One that an older or newer version of the service knows can still be taken away.
        return _remove_if_set(path) if value is None else _refuse(path, _unknown(table))
    if value is None:
        return _remove(path)
    return _set(path, setting.parse(value))


def _set_flag(name: str, value: object) -> Transition:
    path = FLAGS + name
    if not _FLAG_NAME.fullmatch(name):
        return _refuse(path, f"must have a name that matches {FLAG_PATTERN}")
    if value is None:
        return _remove(path)
    if not isinstance(value, bool):
        return _refuse(path, f"must be a boolean, got {name_of_type(value)}")
    return _set(path, Ok(value))


def _set(path: str, parsed: Result[Value, str]) -> Transition:
    return lambda configuration: parsed.map(lambda value: configuration.set(path, value)).map_err(
        lambda problem: {path: (problem,)}
    )


def _remove(path: str) -> Transition:
    return lambda configuration: Ok(configuration.remove(path) if path in configuration else configuration)


def _remove_if_set(path: str) -> Transition:
    return lambda configuration: (
        Ok(configuration.remove(path))
        if path in configuration
        else _refuse(path, "is not set")(configuration)
    )


def _refuse(path: str, problem: str) -> Transition:
    return lambda _: Err({path[:_LONGEST_SHOWN]: (problem,)})


def _unknown(table: SettingsTable) -> str:
    return f"is not a setting, expected one of {', '.join(table)}"


def _value_of(configuration: Configuration, setting: Setting) -> Value:
    stored = configuration.get(SETTINGS + setting.name)
    return setting.default if stored is None else setting.parse(stored).unwrap_or(setting.default)
