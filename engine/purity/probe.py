"""Running a function to see what reading could not tell: a second witness, and no proof either."""

from __future__ import annotations

import contextlib
import copy
import io
import os
import pickle
import random
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from engine.purity.denied import Effect
from engine.purity.judge import verdict_of
from engine.purity.verdict import Level, Reason, Verdict

_UNEQUAL = Effect(
    "probe-unequal", "gave two results for equal arguments", "take what differs as an argument"
)
_CHANGED = Effect("probe-argument", "changed an argument", "work on a copy, or return a new value")
_WORLD = Effect("probe-world", "changed something outside", "return the value, and let the caller act")
_SEED = Effect(
    "probe-seed", "gave another result under another seed of hashes", "sort sets before they give an order"
)
_THREADS = Effect("probe-threads", "gave another result on two threads", "share nothing between calls")
_SLOW = Effect("probe-time", "did not end in time", "probe with a smaller argument")
_MOST_ITEMS = 1000
_DEEPEST = 20
_CHILD = "from engine.purity.probe import answer; answer()"


def probe(function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float = 5.0) -> Verdict:
    """The verdict after runs on copies of these arguments: twice, on two threads, with two seeds of hashes.

    What reading found stands: REJECTED stays so and nothing is run; VERIFIED stays so unless a run speaks
    against it; UNVERIFIED becomes PROBED when all runs agree and changed nothing. Other seeds are tried in
    processes of their own, for functions that can be imported and arguments that can be pickled.

    Cost: five calls or so, and two processes. What does not end within three times `timeout_s` is given up,
    and refused; its thread is left behind.

    >>> probe(lambda text: text.strip(), (" a ",)).level
    <Level.PROBED: 'probed'>
    """
    read = verdict_of(function)
    if read.level is Level.REJECTED:
        return read
    effects = _within(timeout_s, lambda: [*_effects(function, arguments, timeout_s)])
    if effects:
        found = tuple(_reason(effect, function) for effect in effects)
        return replace(read, level=Level.REJECTED, reasons=(*found, *read.reasons))
    return replace(read, level=Level.PROBED) if read.level is Level.UNVERIFIED else read


def _reason(effect: Effect, function: Any) -> Reason:
    code = getattr(function, "__code__", None)
    line, file = getattr(code, "co_firstlineno", 0), getattr(code, "co_filename", "")
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return Reason(effect.rule, name, name, file, line, effect.text, effect.fix, certain=True)


def _within(timeout_s: float, work: Callable[[], list[Effect]]) -> list[Effect]:
    results: list[list[Effect]] = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True)
    thread.start()
    thread.join(3 * timeout_s)
    return results[0] if results else [_SLOW]


def _effects(
    function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float
) -> Iterator[Effect]:
    before, world = shape(arguments), _world(function)
    given = copy.deepcopy(arguments)
    spoken = io.StringIO()
    with contextlib.redirect_stdout(spoken), contextlib.redirect_stderr(spoken):
        first = _outcome(function, given)
        second = _outcome(function, copy.deepcopy(arguments))
        threaded = _on_two_threads(function, arguments, timeout_s)
    if shape(given) != before:
        yield _CHANGED
    if spoken.getvalue() or _world(function) != world:
        yield _WORLD
    if first != second:
        yield _UNEQUAL
    elif any(each != first for each in threaded):
        yield _THREADS
    elif len(set(_under_seeds(function, arguments, timeout_s))) > 1:
        yield _SEED


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    try:
        return repr(shape(function(*arguments)))
    except Exception as error:  # noqa: BLE001 (an error is a result as well, if it is always the same)
        return repr((type(error).__qualname__, shape(error.args)))


def _on_two_threads(
    function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float
) -> list[str]:
    results: list[str] = []
    copies = [copy.deepcopy(arguments) for _ in range(2)]
    threads = [
        threading.Thread(
            target=lambda given: results.append(_outcome(function, given)), args=(given,), daemon=True
        )
        for given in copies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout_s)
    return results


def _under_seeds(
    function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float
) -> Iterator[bytes]:
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", "")
    if module in {None, "__main__"} or getattr(sys.modules.get(str(module)), name, None) is not function:
        return
    with contextlib.suppress(Exception):
        task = pickle.dumps((module, name, arguments))
        for seed in ("1", "2"):
            world = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
            command = [sys.executable, "-c", _CHILD]
            done = subprocess.run(  # noqa: S603 (the same)
                command, input=task, env=world, capture_output=True, timeout=timeout_s, check=True
            )
            yield done.stdout


def answer() -> None:
    """In a process of its own: read a task, run it, and say what came out."""
    import importlib  # noqa: PLC0415

    module, name, arguments = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 (written by the parent)
    sys.stdout.write(_outcome(getattr(importlib.import_module(module), name), arguments))


def shape(value: Any, depth: int = 0) -> Any:
    """A value as nested tuples that compare by what they hold; sets are sorted, iterators are read."""
    if depth > _DEEPEST or value is None or isinstance(value, str | bytes | int | complex):
        return value
    if isinstance(value, float):
        return repr(value)
    inner = depth + 1
    kind = type(value).__qualname__
    if isinstance(value, dict | types.MappingProxyType):
        return (kind, *((shape(key, inner), shape(held, inner)) for key, held in value.items()))
    if isinstance(value, set | frozenset):
        return (kind, *sorted(repr(shape(each, inner)) for each in value))
    if isinstance(value, list | tuple):
        return (kind, *(shape(each, inner) for each in value))
    return _shape_of_object(value, kind, inner)


def _shape_of_object(value: Any, kind: str, depth: int) -> Any:
    if depth == 1 and hasattr(value, "__next__"):
        return (kind, *(shape(each, depth) for each in islice(value, _MOST_ITEMS)))
    if callable(value) or isinstance(value, types.ModuleType):
        return (kind, getattr(value, "__qualname__", ""))
    held = getattr(value, "__dict__", None)
    if held is not None:
        return (kind, shape(held, depth))
    return kind if _has_plain_repr(value) else (kind, repr(value))


def _has_plain_repr(value: object) -> bool:
    shown: object = type(value).__repr__
    return shown is object.__repr__


def _world(function: Any) -> Any:
    code = getattr(function, "__code__", None)
    names = getattr(code, "co_names", ())
    spaces = getattr(function, "__globals__", {})
    watched = {name: shape(spaces[name], 1) for name in names if name in spaces}
    cells = [_content(cell) for cell in getattr(function, "__closure__", None) or ()]
    return (watched, shape(cells, 1), hash(random.getstate()), dict(os.environ), os.getcwd())  # noqa: PTH109


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None
