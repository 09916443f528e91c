"""Groups, runs, joins and merges, with the types that mypy and pyright must both find."""

from typing import Any, assert_type

from engine import Chain, chunk_by, group_by, it, join
from engine.chain.grouped import Grouped


def groups(words: Chain[str]) -> None:
    assert_type(words.group_by(len), Grouped[int, str])
    assert_type(words.group_by(len).collect(), list[tuple[int, list[str]]])
    assert_type(words.group_by(len).map(lambda pair: pair[1]), Chain[list[str]])
    assert_type(words.group_by(len).items().take(1), Chain[tuple[int, list[str]]])
    assert_type(words.group_by(len).agg(n=it.count()), Chain[tuple[int, dict[str, Any]]])
    assert_type(words.group_by(len).fold(int, lambda n, word: n + len(word)), Chain[tuple[int, int]])
    assert_type(words.group_by(len).reduce(max), Chain[tuple[int, str]])
    assert_type(group_by(["a"], len), Grouped[int, str])


def runs(words: Chain[str]) -> None:
    assert_type(words.chunk_by(len), Chain[tuple[int, list[str]]])
    assert_type(words.chunk_by(len, it.count()), Chain[tuple[int, Any]])
    assert_type(words.chunk_by(len, {"n": it.count()}), Chain[tuple[int, dict[str, Any]]])
    assert_type(chunk_by(["a"], len), Chain[tuple[int, list[str]]])


def size(word: str, n: int | None) -> int:
    return len(word) + (n or 0)


def joins(words: Chain[str], numbers: list[int]) -> None:
    assert_type(words.join(numbers, on=None), Chain[tuple[str, int]])
    assert_type(words.join(numbers, on=None, how="left"), Chain[tuple[str, int | None]])
    assert_type(words.join(numbers, on=None, how="right"), Chain[tuple[str | None, int]])
    assert_type(words.join(numbers, on=None, how="outer"), Chain[tuple[str | None, int | None]])
    assert_type(words.join(numbers, on=None, how="semi"), Chain[str])
    assert_type(words.join(numbers, on=None, select=lambda word, n: word * n), Chain[str])
    assert_type(words.join(numbers, on=None, how="left", select=size), Chain[int])
    assert_type(join(["a"], numbers, None), Chain[tuple[str, int]])
    assert_type(join(["a"], numbers, None, how="left"), Chain[tuple[str, int | None]])
    assert_type(join(["a"], numbers, None, how="anti"), Chain[str])


def merges(words: Chain[str]) -> None:
    assert_type(words.kmerge(["a"], ["b"], check=True), Chain[str])
    assert_type(words.merge([1], len), Chain[str | int])
    assert_type(words.bottom_k(2, len), Chain[str])
