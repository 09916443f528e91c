"""What a name stands for when a function runs: its full name, and what the lists say about that."""

from __future__ import annotations

import types
from typing import Any

from engine.purity.allowed import ALLOWED_BUILTINS, ALLOWED_MODULES, CHANGING, PLAIN_TYPES
from engine.purity.denied import DENIED, DENIED_MODULES, EXCEPTED, Effect
from engine.purity.model import type_name


def full_name(value: Any) -> str:
    """The name under which a function or class is listed: `time.time`, `builtins.list.append`.

    >>> import random
    >>> full_name(random.random), full_name(str.lower)
    ('random.Random.random', 'builtins.str.lower')
    """
    name = str(getattr(value, "__qualname__", None) or getattr(value, "__name__", None) or "")
    owner = getattr(value, "__objclass__", None) or getattr(value, "__self__", None)
    if owner is None or isinstance(owner, types.ModuleType) or not name:
        return f"{getattr(value, '__module__', None) or type_name(type(value))}.{name}".rstrip(".")
    kind = owner if isinstance(owner, type) else type(owner)
    return f"{type_name(kind)}.{getattr(value, '__name__', name)}"


def effect_of(name: str) -> Effect | None:
    """What is wrong with calling this, if anything."""
    if name in DENIED:
        return DENIED[name]
    if name in EXCEPTED or name.startswith(("_io.StringIO", "_io.BytesIO")):
        return None
    return next((DENIED_MODULES[prefix] for prefix in _prefixes(name) if prefix in DENIED_MODULES), None)


def is_allowed(name: str) -> bool:
    """Whether this depends on its arguments alone."""
    module, _, rest = name.partition(".")
    if module == "builtins":
        return rest in ALLOWED_BUILTINS or any(prefix in _METHODS_OF for prefix in _prefixes(name))
    return name in EXCEPTED or any(p in ALLOWED_MODULES or p in PLAIN_TYPES for p in _prefixes(name))


_METHODS_OF = PLAIN_TYPES | {type_name(kind) for kind in CHANGING}


def _prefixes(name: str) -> list[str]:
    pieces = name.split(".")
    return [".".join(pieces[:count]) for count in range(len(pieces), 0, -1)]
