"""The texts of a column, all at once, in the words of Python's `str`; each is a method of `Column`, too.

What is missing stays missing. Letters are those of the interpreter's Unicode, and so are the results. Where
letters are looked at, bytes that are not UTF-8 are a ValueError that names the row and the position; what
compares bytes carries them along. All of it works outside the GIL, on all threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.columns.reading import memory_of_list
from engine.columns.types import parse_type
from engine.kernels.columns import strings as kernel
from engine.kernels.columns import strings_keys
from engine.kernels.columns.column import ColumnMemory

if TYPE_CHECKING:
    from engine.columns.column import Column

__all__ = [
    "Parts", "byte_length", "casefold", "compare", "contains", "digits", "endswith", "find", "is_in",
    "isdigit", "join", "length", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip",
    "split", "startswith", "strip", "strip_lower", "substring", "upper",
]  # fmt: skip

_END = 2**63 - 1
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def strip(column: Column, characters: str | None = None) -> Column:
    """The texts without white space, or without `characters`, at both ends.

    >>> from engine import Column
    >>> Column([" Ada ", None, "Kim  "]).strip().to_list()
    ['Ada', None, 'Kim']
    """
    return kernel.change(column, "lr", characters, "")


def lstrip(column: Column, characters: str | None = None) -> Column:
    """The texts without white space, or without `characters`, at their start."""
    return kernel.change(column, "l", characters, "")


def rstrip(column: Column, characters: str | None = None) -> Column:
    """The texts without white space, or without `characters`, at their end."""
    return kernel.change(column, "r", characters, "")


def lower(column: Column) -> Column:
    """The texts in lower case.

    >>> from engine import Column
    >>> Column(["ÉCOLE", "ΟΔΟΣ"]).lower().to_list()
    ['école', 'οδος']
    """
    return kernel.change(column, "", None, "lower")


def upper(column: Column) -> Column:
    """The texts in upper case."""
    return kernel.change(column, "", None, "upper")


def casefold(column: Column) -> Column:
    """The texts as caseless comparison wants them."""
    return kernel.change(column, "", None, "fold")


def strip_lower(column: Column) -> Column:
    """The texts without white space at both ends and in lower case: `strip` and `lower` in one pass.

    >>> from engine import Column
    >>> Column([" Ada@Example.ORG "]).strip_lower().to_list()
    ['ada@example.org']
    """
    return kernel.change(column, "lr", None, "lower")


def replace(column: Column, old: str, new: str, count: int = -1) -> Column:
    """The texts with every `old`, or the first `count` in each, replaced by `new`."""
    return kernel.replace(column, old, new, count)


def removeprefix(column: Column, prefix: str) -> Column:
    """The texts without `prefix` where they begin with it."""
    return kernel.remove(column, prefix, True)


def removesuffix(column: Column, suffix: str) -> Column:
    """The texts without `suffix` where they end with it."""
    return kernel.remove(column, suffix, False)


def substring(column: Column, start: int = 0, stop: int | None = None) -> Column:
    """The letters of each text from `start` to before `stop`, as `text[start:stop]`.

    >>> from engine import Column
    >>> Column(["Zürich", "Ui"]).substring(-5, 4).to_list()
    ['üri', 'Ui']
    """
    return kernel.cut(column, start, _END if stop is None else stop)


def digits(column: Column) -> Column:
    """The decimal digits of each text in ASCII, whatever their script, after a plus if one stands before.

    >>> from engine import Column
    >>> Column(["+49 (0)30 12-34", "٠١٢", "none"]).digits().to_list()
    ['+490301234', '012', '']
    """
    return kernel.digits(column)


def join(parts: Sequence[Column | str], between: str = "") -> Column:
    """One text of the texts of each row, `between` them; a text among the columns is the same in every row.

    Raises:
        ValueError: columns of different lengths, or no column at all.

    >>> from engine import Column
    >>> join([Column(["Ada", None]), "of", Column(["York", "Bath"])], " ").to_list()
    ['Ada of York', None]
    """
    columns = [_column_like(part) for part in parts]
    given = [part for part in parts if not isinstance(part, str)]
    if not given:
        raise ValueError("join must have at least one column, got none")
    for column in given:
        if len(column) != len(given[0]):
            raise ValueError(f"columns must be equally long, got {len(given[0])} and {len(column)} rows")
    return kernel.join(columns, given[0], between)


class Parts(NamedTuple):
    """The parts of all texts, one after the other, and the row that each is of, i64."""

    texts: Column
    rows: Column


def split(column: Column, separator: str | None = None, limit: int = -1) -> Parts:
    """The words of the texts, or their parts between separators, and the row of each.

    A missing text has no parts; a text is cut at most `limit` times.

    >>> from engine import Column
    >>> texts, rows = Column(["Ada Lovelace", None, "Kim"]).split()
    >>> texts.to_list(), rows.to_list()
    (['Ada', 'Lovelace', 'Kim'], [0, 0, 2])
    """
    if separator == "":
        raise ValueError("separator must not be empty, got ''")
    return Parts(*kernel.split(column, separator, limit))


def startswith(column: Column, prefix: str) -> Column:
    """Whether each text begins with `prefix`."""
    return kernel.ask(column, "begins", prefix)


def endswith(column: Column, suffix: str) -> Column:
    """Whether each text ends with `suffix`."""
    return kernel.ask(column, "ends", suffix)


def contains(column: Column, text: str) -> Column:
    """Whether `text` is in each text.

    >>> from engine import Column
    >>> Column(["Ada", None, "Kim"]).contains("da").to_list()
    [True, None, False]
    """
    return kernel.ask(column, "contains", text)


def isdigit(column: Column) -> Column:
    """Whether each text is digits alone, and not empty."""
    return kernel.ask(column, "digits")


def find(column: Column, text: str) -> Column:
    """The letters before the first `text` in each text; -1 where it is not in it."""
    return kernel.measure(column, "place", text)


def length(column: Column) -> Column:
    """The number of letters of each text: of code points, as `len` counts."""
    return kernel.measure(column, "letters")


def byte_length(column: Column) -> Column:
    """The bytes of each text in UTF-8."""
    return kernel.measure(column, "bytes")


def is_in(column: Column, texts: Iterable[str | None]) -> Column:
    """Whether each text is one of `texts`.

    >>> from engine import Column
    >>> Column(["a", None, "c"]).is_in({"a", "b"}).to_list()
    [True, None, False]
    """
    known = memory_of_list(list(dict.fromkeys(texts)), parse_type(str))
    return strings_keys.is_known(column, known)


def compare(column: Column, how: str, other: Column | str) -> Column:
    """How each text stands to `other`, or to the text of the same row of a column: ==, !=, <, <=, > or >=.

    The order is that of code points, as in Python.

    >>> from engine import Column
    >>> compare(Column(["a", "b", None]), "<", "b").to_list()
    [True, False, None]
    """
    if how not in _COMPARISONS:
        raise ValueError(f"a comparison must be one of {', '.join(_COMPARISONS)}, got {how!r}")
    return kernel.compare(column, how, _column_like(other), single=isinstance(other, str))


def _column_like(part: Column | str) -> ColumnMemory:
    return memory_of_list([part], parse_type(str)) if isinstance(part, str) else part
