from typing import Any

from numpy.typing import NDArray

KINDS: tuple[str, ...]

def join_rows(
    left: NDArray[Any], right: NDArray[Any], how: str, grain: int = 32_768, narrow_rows: int = ...
) -> tuple[NDArray[Any], NDArray[Any]]: ...
