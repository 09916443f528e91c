"""Endings and sources, with the types that mypy and pyright must both find."""

from collections.abc import Iterator
from typing import Any, assert_type

from typing_extensions import TypeIs

from engine import Chain, Err, Left, Ok, Result, Right, Stats
from engine.chain.comparing import Difference
from engine.errors import EmptyChainError, LengthError
from engine.sharing import Peekable, Shared


def is_text(value: str | int) -> TypeIs[str]:
    return isinstance(value, str)


def added(state: int, n: int) -> Result[int, int]:
    return Ok(state + n) if n else Err(state)


def side_of(n: int) -> Left[int] | Right[str]:
    return Left(n) if n else Right("none")


def parsed(n: int) -> Result[float, str]:
    return Ok(n / 2) if n else Err("none")


def doubled(chain: Chain[int], times: int, *, plus: int) -> Chain[int]:
    return chain.map(lambda n: n * times + plus)


def sources() -> None:
    assert_type(Chain.repeat("a"), Chain[str])
    assert_type(Chain.from_fn(lambda: 1 if id(0) else None), Chain[int])
    assert_type(Chain.unfold(0, lambda n: (str(n), n + 1)), Chain[str])
    assert_type(Chain.iterate(1, lambda n: n + 1), Chain[int])
    assert_type(Chain.lines("contacts.txt"), Chain[str])
    assert_type(Chain.records({"a": [1]}), Chain[dict[str, Any]])
    assert_type(Chain[str | int](["a", 1]).filter(is_text), Chain[str])


def searching(words: Chain[str]) -> None:
    assert_type(words.nth(3), str)
    assert_type(words.nth(3, default=None), str | None)
    assert_type(words.find(str.isalpha), str)
    assert_type(words.find(0, default=0), str | int)
    assert_type(words.find_map(lambda word: len(word) or None), int)
    assert_type(words.find_map(lambda word: len(word) or None, default=""), int | str)
    assert_type(words.position(str.isalpha), int)
    assert_type(words.position(str.isalpha, default=None), int | None)
    assert_type(words.exactly_one(), Result[str, EmptyChainError | LengthError])
    assert_type(words.at_most_one(), Result[str | None, LengthError])
    assert_type(words.contains(1), bool)
    assert_type(words.all_equal(len), bool)
    assert_type(words.first_difference("ab"), Difference | None)


def folding(words: Chain[str], numbers: Chain[int]) -> None:
    assert_type(numbers.fold_while(0, added), int)
    assert_type(numbers.try_fold(0, added), Result[int, int])
    assert_type(numbers.tree_reduce(max), int)
    assert_type(numbers.tree_reduce(max, default=None), int | None)
    assert_type(words.counts(), dict[str, int])
    assert_type(words.counts(len), dict[int, int])
    assert_type(words.minmax(len), tuple[str, str])
    assert_type(words.minmax(default=None), tuple[str, str] | None)
    assert_type(words.argmin(), int)
    assert_type(words.argminmax(len), tuple[int, int])
    assert_type(words.min_all(len), list[str])
    assert_type(numbers.mean(), float)
    assert_type(numbers.mean(default=None), float | None)
    assert_type(numbers.stats(), Stats)


def gathering(words: Chain[str], numbers: Chain[int], n: int) -> None:
    assert_type(words.to_tuple(), tuple[str, ...])
    assert_type(words.to_groups(), dict[str, list[str]])
    assert_type(words.to_groups(len), dict[int, list[str]])
    assert_type(words.collect_batches(2), Iterator[list[str]])
    assert_type(words.collect_exact(2), tuple[str, str])
    assert_type(words.collect_exact(n), tuple[str, ...])
    assert_type(words.enumerate().unzip(), tuple[list[int], list[str]])
    assert_type(words.zip(numbers, words).unzip(3), tuple[list[str], list[int], list[str]])
    assert_type(words.chunks(5, exact=True).unzip(n), tuple[list[str], ...])
    assert_type(numbers.partition_map(side_of), tuple[list[int], list[str]])
    assert_type(numbers.partition_map(parsed), tuple[list[float], list[str]])
    assert_type(words.sink(list), int)


def around(words: Chain[str], numbers: Chain[int]) -> None:
    assert_type(words.size_hint(), tuple[int, int | None])
    assert_type(words.is_infinite(), bool)
    assert_type(words.preview(), list[str])
    assert_type(words.cache(), Chain[str])
    assert_type(words.shared(), Shared[str])
    assert_type(Chain(words.shared()), Chain[str])
    assert_type(words.peekable(), Peekable[str])
    assert_type(words.peekable().peek(None), str | None)
    assert_type(numbers.pipe(doubled, 2, plus=1), Chain[int])
