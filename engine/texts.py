"""The methods of texts on expressions: each is Python's own, put off until there is an item."""

from __future__ import annotations

from typing import Self

from engine.nodes import Method
from engine.operators import Operators, as_node


class Texts(Operators):
    """The methods of `str`, with the arguments they have there; an argument may be an expression, too."""

    __slots__ = ()

    def lower(self) -> Self:
        """The text in lower case.

        >>> from engine import it
        >>> it["email"].lower()
        it['email'].lower()
        """
        return self._method("lower")

    def upper(self) -> Self:
        """The text in upper case."""
        return self._method("upper")

    def title(self) -> Self:
        """The text with each word in title case."""
        return self._method("title")

    def casefold(self) -> Self:
        """The text as caseless comparison wants it."""
        return self._method("casefold")

    def isdigit(self) -> Self:
        """Whether the text is digits alone, and not empty."""
        return self._method("isdigit")

    def strip(self, *characters: object) -> Self:
        """The text without white space, or without `characters`, at both ends."""
        return self._method("strip", *characters)

    def lstrip(self, *characters: object) -> Self:
        """The text without white space, or without `characters`, at its start."""
        return self._method("lstrip", *characters)

    def rstrip(self, *characters: object) -> Self:
        """The text without white space, or without `characters`, at its end."""
        return self._method("rstrip", *characters)

    def startswith(self, prefix: object, *bounds: object) -> Self:
        """Whether the text begins with `prefix`, or with one of a tuple of them."""
        return self._method("startswith", prefix, *bounds)

    def endswith(self, suffix: object, *bounds: object) -> Self:
        """Whether the text ends with `suffix`, or with one of a tuple of them."""
        return self._method("endswith", suffix, *bounds)

    def replace(self, old: object, new: object, *count: object) -> Self:
        """The text with every `old`, or the first `count`, replaced by `new`."""
        return self._method("replace", old, new, *count)

    def removeprefix(self, prefix: object) -> Self:
        """The text without `prefix`, if it begins with it."""
        return self._method("removeprefix", prefix)

    def removesuffix(self, suffix: object) -> Self:
        """The text without `suffix`, if it ends with it."""
        return self._method("removesuffix", suffix)

    def split(self, *separator_and_limit: object) -> Self:
        """The words of the text, or its parts between separators, as a list."""
        return self._method("split", *separator_and_limit)

    def _method(self, name: str, *arguments: object) -> Self:
        return self._made(Method(self._node, name, tuple(map(as_node, arguments))))
