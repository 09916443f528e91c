"""Mistakes that both checkers must find: an ignore on a line without one is an error itself."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from engine import Chain, Ok, Result


def doubled(chain: Chain[int], times: int) -> Chain[int]:
    return chain.map(lambda n: n * times)


def wrong_items(words: Chain[str], numbers: Chain[int], results: Chain[Result[int, str]]) -> None:
    words.flatten_ok()  # type: ignore[misc]
    numbers.flatten()  # type: ignore[misc]
    numbers.recover(str)  # type: ignore[misc]
    results.flatten_ok()  # type: ignore[misc]
    words.to_dict()  # type: ignore[misc]
    numbers.unzip()  # type: ignore[misc]
    words.try_collect()  # type: ignore[misc]


def wrong_functions(words: Chain[str], numbers: Chain[int], results: Chain[Result[int, str]]) -> None:
    numbers.map(str.upper)  # type: ignore[arg-type]
    numbers.coalesce(lambda a, b: f"{a}{b}")  # type: ignore[arg-type, return-value]
    results.map_ok(str.upper)  # type: ignore[arg-type]
    words.fold_while(0, lambda total, word: total + len(word))  # type: ignore[arg-type, return-value]
    words.try_fold("", lambda text, word: text + word)  # type: ignore[arg-type, return-value]
    words.scan(0, lambda total, word: total + word)  # type: ignore[operator]
    numbers.pipe(doubled, "2")  # type: ignore[arg-type]
    words.partition_map(len)  # type: ignore[arg-type]


def wrong_arguments(words: Chain[str], numbers: Chain[int]) -> None:
    words.interleave(numbers, stop="never")  # type: ignore[arg-type]
    words.take("3")  # type: ignore[arg-type]
    words.shuffle(1.5)  # type: ignore[arg-type]
    words.zip(5)  # type: ignore[call-overload]
    words.concat(5)  # type: ignore[arg-type]
    words.lines(5)  # type: ignore[arg-type]
    Chain([Ok(1)]).try_collect(errors="some")  # type: ignore[call-overload]


def wrong_results(words: Chain[str]) -> tuple[object, ...]:
    lengths: Chain[str] = words.map(len)  # type: ignore[arg-type]
    pair: tuple[str, str] = words.collect_exact(3)  # type: ignore[assignment]
    text: str = words.first(default=None)  # type: ignore[arg-type]
    return lengths, pair, text
