"""How the public names are used, with the types that mypy and pyright must both find."""

from collections.abc import Iterable
from typing import TypeGuard, assert_type

from engine import Chain, Result, chunk_by, group_by, it, join, kmerge, par_map
from engine.chain.grouped import Grouped


def is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def widen(chain: Chain[object]) -> int:
    return chain.count()


def uses(words: list[str], numbers: Iterable[int]) -> None:
    assert_type(Chain(words), Chain[str])
    assert_type(Chain(words).map(len), Chain[int])
    assert_type(Chain(words).map(lambda word: (word, len(word))), Chain[tuple[str, int]])
    assert_type(Chain(words).filter(lambda word: len(word) > 2), Chain[str])
    assert_type(Chain[int | str](["a", 1]).filter(is_text), Chain[str])
    assert_type(Chain(words).flat_map(lambda word: word.split()), Chain[str])
    assert_type(Chain(words).enumerate(), Chain[tuple[int, str]])
    assert_type(Chain(words).enumerate().starmap(lambda n, word: word * n), Chain[str])
    assert_type(Chain(words).chunks(2), Chain[list[str]])
    assert_type(Chain(words).chunks(2).flatten(), Chain[str])
    assert_type(Chain(words).windows(2), Chain[tuple[str, str]])
    assert_type(Chain(words).zip(numbers), Chain[tuple[str, int]])
    assert_type(Chain(words).product(numbers), Chain[tuple[str, int]])
    assert_type(Chain(words).concat(numbers), Chain[str | int])
    assert_type(Chain(words).scan(0, lambda total, word: total + len(word)), Chain[int])
    assert_type(Chain(words).chunk_by(len), Chain[tuple[int, list[str]]])
    assert_type(Chain(words).group_by(len).to_dict(), dict[int, list[str]])
    assert_type(Chain(words).sort(len).unique().take(2), Chain[str])
    assert_type(Chain(words).try_map(int, ValueError), Chain[Result[int, ValueError]])
    assert_type(
        Chain(words).try_map(int, ValueError).partition_results(), tuple[list[int], list[ValueError]]
    )
    assert_type(Chain(words).collect(), list[str])
    assert_type(Chain(words).collect(frozenset), frozenset[str])
    assert_type(Chain(words).fold(0, lambda total, word: total + len(word)), int)
    assert_type(Chain(words).first(), str)
    assert_type(Chain(words).first(default=None), str | None)
    assert_type(Chain(words).partition(it.startswith("a")), tuple[list[str], list[str]])
    assert_type(Chain.range(3), Chain[int])
    assert_type(Chain.from_factory(lambda: words), Chain[str])
    assert_type(kmerge(words, words), Chain[str])
    assert_type(chunk_by(words, len), Chain[tuple[int, list[str]]])
    assert_type(group_by(words, len), Grouped[int, str])
    assert_type(par_map(len, words), Chain[int])
    join(words, numbers, on=0, how="left").count()
    widen(Chain(words))
