from collections.abc import Iterator
from typing import TypeVar

_T_co = TypeVar("_T_co", covariant=True)

class Lazy(Iterator[_T_co]):
    def __next__(self) -> _T_co: ...
    def close(self) -> None: ...
