"""What does it cost to tidy a column of texts?"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks import data
from benchmarks.data import Inputs
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import loops


def _names(share: float, size: int) -> Inputs:
    from engine import Column  # noqa: PLC0415 - loaded when the question is asked

    texts = data.padded_names(size, accented=share)
    return Inputs(texts=texts, column=Column(texts))


def _as_list(result: Any) -> list[str]:
    if isinstance(result, list):
        return result
    values: list[str] = result.to_pylist() if hasattr(result, "to_pylist") else result.to_list()
    return values


def _tidied(inputs: Inputs) -> Any:
    from engine.columns.strings import strip_lower  # noqa: PLC0415 - loaded when the question is asked

    return strip_lower(inputs["column"])


def _tidy(kind: str, share: float, bars: tuple[Ratio, ...]) -> Question:
    return Question(
        f"strip and lower column, {kind}",
        f"names without the blanks around them, in lower case; {share:.0%} of them with accents",
        partial(_names, share),
        (
            Contender("engine", "engine", _tidied),
            Contender("loop", "loop", lambda inputs: loops.tidied(inputs["texts"])),
            Contender("pyarrow", "rival", rival("pyarrow_rival", "tidied")),
            Contender("pyarrow, ASCII only", "rival", rival("pyarrow_rival", "tidied_ascii"), job="ASCII"),
            Contender("polars", "rival", rival("polars_rival", "tidied")),
        ),
        bars,
        (1_000_000,),
        lane="columns",
        comparable=_as_list,
    )


QUESTIONS = (
    _tidy(
        "mostly ASCII",
        0.05,
        (
            Ratio("loop", 8, ("loop",)),
            Ratio("pyarrow's ASCII kernels", 1.5, ("pyarrow, ASCII only",)),
            Ratio("polars", 4, ("polars",)),
        ),
    ),
    _tidy("all accented", 1.0, (Ratio("loop", 8, ("loop",)), Ratio("polars", 4, ("polars",)))),
)
