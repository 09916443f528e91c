"""How far a run is, as a bar of tqdm: an optional package, loaded when the first bar is shown."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter
from typing import Any

from engine.steps import Shown

__all__ = ["Bar", "Progress", "require_tqdm"]

# A pass counts down to the next look at the clock: never so far that a bar seems to stand still.
_MOST_ITEMS = 1024
_OFTEN_S = 0.01


@dataclass(frozen=True, slots=True)
class Progress(Shown):
    """What a bar is told. `shown`: None shows it to who can see it."""

    label: str | None
    total: int | None
    shown: bool | None

    def __str__(self) -> str:
        """As in `explain`."""
        return "" if self.label is None else repr(self.label)


class Bar:
    """The bar of one run. A pass tells it when as many items have come as it last asked for."""

    __slots__ = ("_asked", "_at", "_bar", "_progress")

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar: Any = None
        self._asked = 1
        self._at = 0.0

    def begin(self) -> int:
        """Show the bar; how many items to count before it moves."""
        progress = self._progress
        if not (_is_seen() if progress.shown is None else progress.shown):
            return sys.maxsize
        from tqdm.auto import tqdm  # noqa: PLC0415 (optional, and slow to load)

        self._bar = tqdm(desc=progress.label, total=progress.total, unit=" items", miniters=1)
        self._at = perf_counter()
        return self._asked

    def reached(self) -> int:
        """Move the bar; how many more items to count, so that it moves a hundred times a second at most."""
        self._bar.update(self._asked)
        now = perf_counter()
        is_early = now - self._at < _OFTEN_S
        self._asked = min(_MOST_ITEMS, self._asked * 2) if is_early else max(1, self._asked // 2)
        self._at = now
        return self._asked

    def end(self, left: int) -> None:
        """Move the bar to the last item, `left` before the next call, and close it."""
        if self._bar is not None:
            self._bar.update(self._asked - left)
            self._bar.close()
            self._bar = None


def require_tqdm() -> None:
    """The package is installed.

    Raises:
        ModuleNotFoundError: it is not; the error names what to install.
    """
    if find_spec("tqdm") is None:
        raise ModuleNotFoundError("progress needs tqdm: pip install 'chainbook[notebook]'", name="tqdm")


def _is_seen() -> bool:
    """Whether somebody looks: at a terminal, or at a notebook."""
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())
