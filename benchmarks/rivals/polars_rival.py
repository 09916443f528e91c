"""polars, with as many threads as it likes; frames are built before the clock starts."""

from __future__ import annotations

from typing import Any

import polars as pl


def run_starts(inputs: Any) -> Any:
    keys = inputs.once("polars series", lambda: pl.Series(inputs["keys"]))
    return (keys != keys.shift()).fill_null(value=True).arg_true().to_numpy()


def run_sums(inputs: Any) -> Any:
    frame = _lazy(inputs)
    summed = frame.group_by(pl.col("keys").rle_id(), maintain_order=True).agg(pl.col("values").sum())
    return summed.collect()["values"].to_numpy()


def join(inputs: Any) -> tuple[Any, Any]:
    left, right = inputs.once(
        "polars frames", lambda: (_numbered(inputs, "left"), _numbered(inputs, "right"))
    )
    joined = left.join(right, on="key", how="inner", maintain_order="left_right")
    return joined["left"].to_numpy(), joined["right"].to_numpy()


def sorted_all(inputs: Any) -> Any:
    parts = inputs.once("polars series", lambda: [pl.Series(part) for part in inputs["parts"]])
    return pl.concat(parts).sort().to_numpy()


def lengths(inputs: Any) -> Any:
    a, b, c = map(pl.col, "abc")
    return _lazy(inputs).select(length=(a * a + b * b).sqrt() * 0.5 + c).collect()["length"].to_numpy()


def doubled_where_positive(inputs: Any) -> Any:
    return _lazy(inputs).filter(pl.col("b") > 0).select((pl.col("a") * 2.0).sum()).collect().item()


def tidied(inputs: Any) -> Any:
    texts = inputs.once("polars series", lambda: pl.Series(inputs["texts"]))
    return texts.str.strip_chars().str.to_lowercase()


def _lazy(inputs: Any) -> pl.LazyFrame:
    frame: pl.LazyFrame = inputs.once("polars frame", lambda: pl.LazyFrame(inputs.all()))
    return frame


def _numbered(inputs: Any, side: str) -> pl.DataFrame:
    return pl.DataFrame({"key": inputs[side]}).with_row_index(side)
