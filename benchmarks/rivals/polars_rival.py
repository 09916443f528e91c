"""polars, with as many threads as it likes; frames are built before the clock starts."""

from __future__ import annotations

from typing import Any

import polars as pl


def frames(sides: tuple[Any, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    left, right = sides
    return (
        pl.DataFrame({"key": left}).with_row_index("left"),
        pl.DataFrame({"key": right}).with_row_index("right"),
    )


def join(sides: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[Any, Any]:
    left, right = sides
    joined = left.join(right, on="key", how="inner", maintain_order="left_right")
    return joined["left"].to_numpy(), joined["right"].to_numpy()


def series(arrays: list[Any]) -> list[pl.Series]:
    return [pl.Series(array) for array in arrays]


def sorted_concatenation(parts: list[pl.Series]) -> Any:
    return pl.concat(parts).sort().to_numpy()
