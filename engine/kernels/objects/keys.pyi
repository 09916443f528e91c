from collections.abc import Callable
from typing import Any, TypeAlias, final

KeySpec: TypeAlias = Callable[[Any], Any] | str | int | None

@final
class Key:
    def __new__(cls, spec: KeySpec) -> Key: ...
