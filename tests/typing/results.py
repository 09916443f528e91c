"""Ok and Err in the stream, with the types that mypy and pyright must both find."""

from typing import Any, assert_type

from engine import Chain, Err, Ok, Result


def halved(n: int) -> Result[float, str]:
    return Ok(n / 2) if n else Err("zero")


def steps(parsed: Chain[Result[int, ValueError]], nested: Chain[Result[list[int], str]]) -> None:
    assert_type(parsed.map_ok(str), Chain[Result[str, ValueError]])
    assert_type(parsed.map_ok("real"), Chain[Result[Any, ValueError]])
    assert_type(parsed.filter_ok(lambda n: n > 1), Chain[Result[int, ValueError]])
    assert_type(parsed.and_then(halved), Chain[Result[float, ValueError | str]])
    assert_type(parsed.map_err(str), Chain[Result[int, str]])
    assert_type(nested.flatten_ok(), Chain[Result[int, str]])
    assert_type(parsed.recover(lambda _: None), Chain[int | None])


def endings(parsed: Chain[Result[int, ValueError]]) -> None:
    assert_type(parsed.try_collect(), Result[list[int], ValueError])
    assert_type(parsed.process_ok(sum), Result[int, ValueError])
    assert_type(parsed.try_collect(errors="all"), Result[list[int], list[ValueError]])
    assert_type(parsed.try_collect(set[int]), Result[set[int], ValueError])
    assert_type(parsed.try_collect(sum, errors="all"), Result[int, list[ValueError]])
