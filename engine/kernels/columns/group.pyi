from typing import Any

from numpy.typing import NDArray

def number_groups(keys: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]: ...
def aggregate(
    ids: NDArray[Any], firsts: NDArray[Any], values: NDArray[Any], how: str, out: NDArray[Any]
) -> None: ...
