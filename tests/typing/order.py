"""Cuts, neighbours, choices and several inputs, with the types that mypy and pyright must both find."""

from collections.abc import Iterable, Iterator
from typing import Literal, assert_type

from engine import Aligned, Chain, it


def cuts(words: Chain[str], maybe: Chain[str | None]) -> None:
    assert_type(words.take_last(2), Chain[str])
    assert_type(words.skip_last(2), Chain[str])
    assert_type(words.slice(1, None, 2), Chain[str])
    assert_type(words.take_while(len, inclusive=True), Chain[str])
    assert_type(words.take_while(it["name"] == "Ada", inclusive=False), Chain[str])
    assert_type(maybe.while_some(), Chain[str])
    assert_type(words.positions(str.isalpha), Chain[int])
    assert_type(words.pad_to(3, None), Chain[str | None])
    assert_type(words.cycle().reverse().shuffle(1), Chain[str])


def neighbours(words: Chain[str], numbers: Chain[int], n: int) -> None:
    assert_type(words.windows(2), Chain[tuple[str, str]])
    assert_type(words.windows(3, circular=True), Chain[tuple[str, str, str]])
    assert_type(words.windows(n), Chain[tuple[str, ...]])
    assert_type(words.pairwise().starmap(lambda a, b: a + b), Chain[str])
    assert_type(words.chunks(2, exact=True), Chain[list[str]])
    assert_type(words.split_when(lambda a, b: len(a) != len(b)), Chain[list[str]])
    assert_type(numbers.coalesce(lambda a, b: a + b if a > b else None), Chain[int])
    assert_type(words.run_length(len), Chain[tuple[str, int]])
    assert_type(words.duplicates(), Chain[str])
    assert_type(words.intersperse(0), Chain[str | int])
    assert_type(words.with_position(), Chain[tuple[Literal["first", "middle", "last", "only"], str]])


def two(items: Iterator[str]) -> list[str] | None:
    first = next(items, None)
    return None if first is None else [first, *items]


def choices(words: Chain[str], n: int) -> None:
    assert_type(words.batching(two), Chain[list[str]])
    assert_type(words.combinations(2), Chain[tuple[str, str]])
    assert_type(words.combinations(3, replacement=True), Chain[tuple[str, str, str]])
    assert_type(words.combinations(n), Chain[tuple[str, ...]])
    assert_type(words.permutations(2), Chain[tuple[str, str]])
    assert_type(words.powerset(), Chain[tuple[str, ...]])


def several(words: Chain[str], numbers: Iterable[int], more: list[bytes], some: set[float]) -> None:
    assert_type(words.zip(numbers, more), Chain[tuple[str, int, bytes]])
    assert_type(words.zip(numbers, more, some), Chain[tuple[str, int, bytes, float]])
    assert_type(words.zip(numbers, more, some, words), Chain[tuple[str, int, bytes, float, str]])
    assert_type(words.product(numbers, more), Chain[tuple[str, int, bytes]])
    assert_type(words.product(numbers, more, some, words), Chain[tuple[str, int, bytes, float, str]])
    assert_type(words.zip_eq(numbers), Chain[tuple[str, int]])
    assert_type(words.zip_eq(numbers, more, some, words), Chain[tuple[str, int, bytes, float, str]])
    assert_type(words.zip_longest(numbers), Chain[tuple[str | None, int | None]])
    assert_type(words.zip_longest(numbers, fill=b""), Chain[tuple[str | bytes, int | bytes]])
    assert_type(words.zip_offset(numbers, offsets=(0, 1)), Chain[tuple[str, int]])
    assert_type(words.interleave(numbers, stop="shortest"), Chain[str | int])
    assert_type(words.merge_align(numbers), Chain[Aligned[str, int]])
    assert_type(words.merge_join(numbers, on=None), Chain[tuple[str, int]])
    assert_type(words.merge_join(numbers, on=None, how="left"), Chain[tuple[str, int | None]])
    assert_type(words.merge_join(numbers, on=None, how="right"), Chain[tuple[str | None, int]])
    assert_type(words.merge_join(numbers, on=None, how="outer"), Chain[tuple[str | None, int | None]])
    assert_type(words.merge_join(numbers, on=None, how="anti"), Chain[str])
