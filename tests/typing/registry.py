"""Registering and finding pure functions, with the types that mypy and pyright must both find."""

from collections.abc import Callable
from typing import Any, assert_type

from engine.registry import Level, Registry, Verdict, probe, verdict_of

registry = Registry(require="probed")


@registry.pure("transformation", examples=[("a",)])
def doubled(text: str) -> str:
    return text * 2


def uses() -> None:
    assert_type(doubled("a"), str)
    assert_type(registry.get("doubled"), Callable[..., Any])
    assert_type(registry.find("predicate", takes=str, returns=bool), tuple[Callable[..., Any], ...])
    assert_type(registry.compose("doubled", "doubled"), Callable[..., Any])
    assert_type(registry.verdict("doubled"), Verdict)
    assert_type(registry.report(doubled), str)
    assert_type(verdict_of(doubled).level, Level)
    assert_type(probe(doubled, ("a",)).may_memoise, bool)
    assert_type(len(registry), int)


def mistakes() -> None:
    Registry(require="proven")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    registry.pure("conversion")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    doubled(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
