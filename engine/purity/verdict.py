"""What was found out about a function: a verdict, its reasons, and what it allows a planner to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

_MOST_REASONS = 8
_MOST_LETTERS = 200


class Level(Enum):
    """How much is known of a function's purity, from most to least.

    VERIFIED: all it calls was resolved, and found pure. PROBED: nothing bad was found, some calls stayed
    unresolved, and a probe was clean. DECLARED: its author vouches for it. UNVERIFIED: nothing bad was
    found, some calls stayed unresolved. REJECTED: something bad was found.
    """

    VERIFIED = "verified"
    PROBED = "probed"
    DECLARED = "declared"
    UNVERIFIED = "unverified"
    REJECTED = "rejected"

    def satisfies(self, required: Level) -> bool:
        """Whether this is as good as `required`, or better.

        >>> Level.VERIFIED.satisfies(Level.PROBED), Level.DECLARED.satisfies(Level.PROBED)
        (True, False)
        """
        order = list(Level)
        return order.index(self) <= order.index(required)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against a function: `rule` is stable, `name` is what a name resolved to."""

    rule: str
    name: str
    function: str
    file: str
    line: int
    text: str
    fix: str
    certain: bool

    def __str__(self) -> str:
        """As in errors: `line 12 in f: reads the clock [clock: time.time]; fix: take the time ...`."""
        place = f"line {self.line}" if self.line else "no line"
        inside = f" in {_short(self.function, 60)}" if self.function else ""
        what = f"{_short(self.text)} [{self.rule}: {_short(self.name, 80)}]"
        return f"{place}{inside}: {what}; fix: {_short(self.fix)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one function: a level, its reasons, and what it licenses.

    `relative_to` names the parameters that the function calls: it is as pure as what is passed for them.
    `one_shot` says that the result is an iterator, which can be read only once.
    """

    level: Level
    subject: str
    reasons: tuple[Reason, ...] = ()
    relative_to: tuple[str, ...] = ()
    one_shot: bool = False
    trust: str | None = None
    fingerprint: str = ""

    @property
    def may_reorder(self) -> bool:
        """Calls may be made in any order, or left out; examples do not show that: PROBED is too little."""
        return self.level in {Level.VERIFIED, Level.DECLARED}

    @property
    def may_memoise(self) -> bool:
        """A result may stand for that of an equal call: not when it is an iterator."""
        return self.may_retry and not self.one_shot

    @property
    def may_retry(self) -> bool:
        """A call that failed may be made again."""
        return self.level.satisfies(Level.DECLARED)

    def __str__(self) -> str:
        """The text of errors and of `report()`: bounded, the level first, then a line for each reason."""
        lines = [f"{_short(self.subject, 80)}: {self.level.value}{self._footnotes()}"]
        lines += [f"  {reason}" for reason in self.reasons[:_MOST_REASONS]]
        hidden = len(self.reasons) - _MOST_REASONS
        return "\n".join([*lines, f"  and {hidden} more"] if hidden > 0 else lines)

    def _footnotes(self) -> str:
        notes = [f"its author says {_short(self.trust)!r}"] if self.trust else []
        if self.relative_to:
            notes.append(f"as pure as its argument {_short(', '.join(self.relative_to))}")
        if self.one_shot:
            notes.append("its result is an iterator")
        return f" ({'; '.join(notes)})" if notes else ""


def _short(text: str | None, letters: int = _MOST_LETTERS) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= letters else f"{line[: letters - 1]}…"
