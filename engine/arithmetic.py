"""Functions of numbers and choices on expressions, and the Python functions that they stand for."""

from __future__ import annotations

import math
import struct
from typing import Any, Self

from engine.nodes import Call
from engine.operators import as_node
from engine.texts import Texts

__all__ = ["Arithmetic", "cast", "fill_none", "greatest", "if_else", "least"]

_WHOLE = {f"{sign}{bits}": (sign, bits) for sign in "iu" for bits in (8, 16, 32, 64)}


class Arithmetic(Texts):
    """What is computed of numbers; over columns these run in compiled loops."""

    __slots__ = ()

    def sqrt(self) -> Self:
        """The square root.

        >>> from engine import it
        >>> (it.x * it.x + it.y * it.y).sqrt()
        sqrt((it.x * it.x) + (it.y * it.y))
        """
        return self._made(Call(math.sqrt, (self._node,)))

    def exp(self) -> Self:
        """Euler's number to the power of this one."""
        return self._made(Call(math.exp, (self._node,)))

    def log(self) -> Self:
        """The natural logarithm."""
        return self._made(Call(math.log, (self._node,)))

    def least(self, other: object) -> Self:
        """The smaller of two, as `min` picks it.

        >>> from engine import it
        >>> it.price.least(it.offer)
        least(it.price, it.offer)
        """
        return self._made(Call(least, (self._node, as_node(other))))

    def greatest(self, other: object) -> Self:
        """The larger of two, as `max` picks it."""
        return self._made(Call(greatest, (self._node, as_node(other))))

    def if_else(self, then: object, otherwise: object) -> Self:
        """`then` where this is true, `otherwise` where it is not; both are computed.

        >>> from engine import it
        >>> (it.a > it.b).if_else(it.a, 0)
        if_else(it.a > it.b, it.a, 0)
        """
        return self._made(Call(if_else, (self._node, as_node(then), as_node(otherwise))))

    def fill_none(self, value: object) -> Self:
        """The value itself, or `value` where it is None.

        >>> from engine import it
        >>> it.age.fill_none(0) + 1
        fill_none(it.age, 0) + 1
        """
        return self._made(Call(fill_none, (self._node, as_node(value))))

    def cast(self, dtype: str) -> Self:
        """The number as another type: bool, i8 to i64, u8 to u64, f32 or f64; cut off towards zero.

        A number that does not fit is an OverflowError.
        """
        return self._made(Call(cast, (self._node, as_node(dtype))))


def least(left: Any, right: Any) -> Any:
    """The smaller of two."""
    return min(left, right)


def greatest(left: Any, right: Any) -> Any:
    """The larger of two."""
    return max(left, right)


def if_else(condition: Any, then: Any, otherwise: Any) -> Any:
    """One of two values."""
    return then if condition else otherwise


def fill_none(value: Any, other: Any) -> Any:
    """`other` in the place of None."""
    return other if value is None else value


def cast(value: Any, dtype: str) -> Any:
    """A Python number as one of the type would be.

    >>> cast(2.9, "i8"), cast(1, "f64"), cast(0.1, "f32")
    (2, 1.0, 0.10000000149011612)
    """
    if value is None:
        return None
    if dtype == "bool":
        return bool(value)
    if dtype == "f32":
        return struct.unpack("f", struct.pack("f", value))[0]
    return float(value) if dtype == "f64" else _whole(value, dtype)


def _whole(value: Any, dtype: str) -> int:
    sign, bits = _WHOLE[dtype]
    low, high = (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not low <= (whole := int(value)) <= high:
        raise OverflowError(f"a number must fit {dtype}, got {value!r:.100}")
    return whole
