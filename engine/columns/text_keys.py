"""Texts as keys: numbers that stand for them, so that what serves numbers serves texts; order and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kernels.columns import strings_keys as kernel

if TYPE_CHECKING:
    from engine.columns.column import Column

__all__ = ["argsort_strings", "codes_in", "codes_of", "ranks_of", "runs_of_strings", "take_strings"]


def codes_of(column: Column) -> tuple[Column, Column]:
    """A number for each text, in the order in which texts are first seen, and the text of each number.

    Returns:
        Codes, i64 and missing where the text is; and the distinct texts, of which `codes[i]` is a row.

    Cost: O(bytes) time; 8 bytes for each row, and a table of at most 128 bytes for each distinct text.

    >>> from engine import Column
    >>> codes, texts = codes_of(Column(["b", "a", None, "b"]))
    >>> codes.to_list(), texts.to_list()
    ([0, 1, None, 0], ['b', 'a'])
    """
    codes, firsts = kernel.number(column)
    return codes, kernel.take(column, firsts)


def codes_in(column: Column, dictionary: Column) -> Column:
    """The row of each text in a column of distinct ones; missing where it is in none, or is missing.

    >>> from engine import Column
    >>> codes_in(Column(["b", "x", None]), Column(["a", "b"])).to_list()
    [1, None, None]
    """
    return kernel.look_up(column, dictionary)


def ranks_of(column: Column) -> tuple[Column, Column]:
    """As `codes_of`, but the texts are sorted: codes stand to each other as their texts do.

    >>> from engine import Column
    >>> ranks, texts = ranks_of(Column(["b", "a", None, "b"]))
    >>> ranks.to_list(), texts.to_list()
    ([1, 0, None, 1], ['a', 'b'])
    """
    codes, texts = codes_of(column)
    order = kernel.sort_rows(texts)
    return kernel.renumbered(codes, order), kernel.take(texts, order)


def argsort_strings(column: Column) -> Column:
    """The rows in the order of their texts by code points; equal ones keep theirs, missing ones come last.

    >>> from engine import Column
    >>> argsort_strings(Column(["b", None, "a", "b"])).to_list()
    [2, 0, 3, 1]
    """
    return kernel.sort_rows(column)


def runs_of_strings(column: Column) -> tuple[Column, Column]:
    """The first row and the length of each run of equal texts; missing ones are equal.

    >>> from engine import Column
    >>> starts, lengths = runs_of_strings(Column(["a", "a", None, "a"]))
    >>> starts.to_list(), lengths.to_list()
    ([0, 2, 3], [2, 1, 1])
    """
    starts, lengths = kernel.find_runs(column)
    return starts, lengths


def take_strings(column: Column, rows: Column) -> Column:
    """The texts of some rows, in the order of `rows` (i64); missing for a row of -1.

    Raises:
        IndexError: a row that there is not.
        TypeError: rows that are no i64, or are missing.

    >>> from engine import Column
    >>> take_strings(Column(["a", "b"]), Column([1, -1, 1])).to_list()
    ['b', None, 'b']
    """
    return kernel.take(column, rows)
