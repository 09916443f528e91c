from typing import Any

from numpy.typing import NDArray

def find_runs(array: NDArray[Any], grain: int = 65_536) -> tuple[NDArray[Any], NDArray[Any]]: ...
