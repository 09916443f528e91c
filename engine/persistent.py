"""`PMap`, `PVector`, `PSet`: a change gives a new value, which shares all the rest with the old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, Final, TypeVar, cast, final, overload

from immutables import Map

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)
T_co = TypeVar("T_co", covariant=True)
V = TypeVar("V")
T = TypeVar("T")

# A change of an item copies its block and the list of blocks: at 10,000 items 64 and 157 references.
BLOCK: Final = 64


@final
class PMap(Mapping[K, V_co]):
    """An immutable mapping in no particular order; hashable where its values are.

    Cost: `set`, `remove` and look-ups O(log n); `update` O(changes · log n); a new version is about 1 KB.

    >>> first = PMap({"a": 1})
    >>> first.set("b", 2)["b"], "b" in first
    (2, False)
    """

    __slots__ = ("_map", "_trail")

    def __init__(self, items: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        self._map: Map[K, V_co] = Map(items)
        self._trail = _Trail()

    def set(self, key: K, value: V) -> PMap[K, V_co | V]:
        """The map with this value at the key."""
        return _made(cast("Map[K, V_co | V]", self._map).set(key, value), self._trail, (key,))

    def remove(self, key: K) -> PMap[K, V_co]:
        """The map without the key.

        Raises:
            KeyError: it has no such key.
        """
        return _made(self._map.delete(key), self._trail, (key,))

    def update(self, items: Mapping[K, V] | Iterable[tuple[K, V]]) -> PMap[K, V_co | V]:
        """The map with all these values; `one | other` is the same of two maps.

        >>> sorted((PMap({"a": 1}) | {"b": 2}).items())
        [('a', 1), ('b', 2)]
        """
        fresh = dict(items)
        return _made(cast("Map[K, V_co | V]", self._map).update(fresh), self._trail, fresh)

    def __or__(self, other: Mapping[K, V]) -> PMap[K, V_co | V]:
        return self.update(other)

    def __getitem__(self, key: K) -> V_co:
        return self._map[key]

    def __contains__(self, key: object) -> bool:
        return key in self._map

    def __iter__(self) -> Iterator[K]:
        return iter(self._map)

    def __len__(self) -> int:
        return len(self._map)

    def __eq__(self, other: object) -> bool:
        return self._map == other._map if isinstance(other, PMap) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._map)

    def __repr__(self) -> str:
        return f"PMap({dict(self._map)!r})"

    def __reduce__(self) -> tuple[type[PMap[Any, Any]], tuple[dict[K, V_co]]]:
        return PMap, (dict(self._map),)


class _Trail:
    """Which key a map changed, and the trail of the map it was made from: it spares full comparisons."""

    __slots__ = ("before", "key", "length")

    def __init__(self, key: object = None, before: _Trail | None = None) -> None:
        self.key = key
        self.before = before
        self.length: int = before.length + 1 if before else 0


def _made(items: Map[K, V], trail: _Trail, changed: Iterable[K]) -> PMap[K, V]:
    made: PMap[K, V] = object.__new__(PMap)
    made._map = items  # noqa: SLF001 (the constructor of this file)
    # Long trails would cost more memory than they save time: about 9 bytes an item at an eighth.
    most = 16 + len(items) // 8
    for key in changed:
        trail = _Trail(key, trail)
        if trail.length > most:
            trail = _Trail()
            break
    made._trail = trail  # noqa: SLF001
    return made


def keys_apart(old: PMap[K, Any], new: PMap[K, Any]) -> Iterable[K]:
    """The keys at which two maps may differ.

    Cost: O(changes) when one was made from the other, else O(n).
    """
    walked = _walked(new, old)
    if walked is None:
        walked = _walked(old, new)
    return _compared(old, new) if walked is None else walked


def _compared(old: PMap[K, Any], new: PMap[K, Any]) -> Iterator[K]:
    olds, news = old._map, new._map  # noqa: SLF001
    absent = object()
    for key, value in olds.items():
        if news.get(key, absent) is not value:
            yield key
    for key in news:
        if key not in olds:
            yield key


def _walked(start: PMap[K, Any], end: PMap[K, Any]) -> Iterable[K] | None:
    trail: _Trail | None = start._trail  # noqa: SLF001
    keys: dict[K, None] = {}
    while trail is not None and trail is not end._trail:  # noqa: SLF001
        keys[cast("K", trail.key)] = None
        trail = trail.before
    return None if trail is None else keys


@final
class PVector(Sequence[T_co]):
    """An immutable sequence; hashable where its items are.

    Cost: reading an item O(1); `set` and `append` copy 64 items and n / 64 references; slices and `+` O(n).

    >>> PVector([1, 2]).append(3).set(0, 9)
    PVector([9, 2, 3])
    """

    __slots__ = ("_blocks",)

    def __init__(self, items: Iterable[T_co] = ()) -> None:
        given = tuple(items)
        self._blocks = tuple(given[at : at + BLOCK] for at in range(0, len(given), BLOCK))

    def set(self, index: int, value: V) -> PVector[T_co | V]:
        """The vector with this value at the index.

        Raises:
            IndexError: it has no such index.
        """
        number, within = divmod(self._place(index), BLOCK)
        block = self._blocks[number]
        return self._of(
            (
                *self._blocks[:number],
                (*block[:within], value, *block[within + 1 :]),
                *self._blocks[number + 1 :],
            )
        )

    def append(self, value: V) -> PVector[T_co | V]:
        if not self._blocks or len(self._blocks[-1]) == BLOCK:
            return self._of((*self._blocks, (value,)))
        return self._of((*self._blocks[:-1], (*self._blocks[-1], value)))

    def pop(self) -> PVector[T_co]:
        """The vector without its last item.

        Raises:
            IndexError: it is empty.
        """
        if not self._blocks:
            raise IndexError("pop needs an item, got an empty vector")
        last = self._blocks[-1][:-1]
        return self._of((*self._blocks[:-1], last) if last else self._blocks[:-1])

    def __add__(self, other: Iterable[V]) -> PVector[T_co | V]:
        return PVector(chain(self, other))

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> PVector[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | PVector[T_co]:
        if isinstance(index, slice):
            return PVector(tuple(self)[index])
        number, within = divmod(self._place(index), BLOCK)
        return self._blocks[number][within]

    def indexes_apart(self, other: PVector[Any]) -> Iterator[int]:
        """The indexes of both vectors at which items may differ; shared blocks are not looked into."""
        for number, (mine, theirs) in enumerate(zip(self._blocks, other._blocks, strict=False)):
            if mine is not theirs:
                start = number * BLOCK
                yield from range(start, start + min(len(mine), len(theirs)))

    def __iter__(self) -> Iterator[T_co]:
        return chain.from_iterable(self._blocks)

    def __len__(self) -> int:
        return (len(self._blocks) - 1) * BLOCK + len(self._blocks[-1]) if self._blocks else 0

    def __eq__(self, other: object) -> bool:
        return self._blocks == other._blocks if isinstance(other, PVector) else NotImplemented

    def __hash__(self) -> int:
        return hash((PVector, self._blocks))

    def __repr__(self) -> str:
        return f"PVector({list(self)!r})"

    def __reduce__(self) -> tuple[type[PVector[Any]], tuple[tuple[T_co, ...]]]:
        return PVector, (tuple(self),)

    def _place(self, index: int) -> int:
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"index must be within a vector of {size} items, got {index}")
        return index % size

    @staticmethod
    def _of(blocks: tuple[tuple[V, ...], ...]) -> PVector[V]:
        made: PVector[V] = object.__new__(PVector)
        made._blocks = blocks
        return made


@final
class PSet(AbstractSet[T_co]):
    """An immutable set of hashable items, in no particular order; equal to any set of the same items.

    Cost: `add`, `remove` and membership O(log n); `|`, `&`, `-` and `^` O(n).

    >>> PSet([1]).add(2) == {1, 2}
    True
    """

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[T_co] = ()) -> None:
        self._items: PMap[T_co, None] = PMap(dict.fromkeys(items))

    def add(self, item: V) -> PSet[T_co | V]:
        return self._of(cast("PMap[T_co | V, None]", self._items).set(item, None))

    def remove(self, item: object) -> PSet[T_co]:
        """The set without the item.

        Raises:
            KeyError: it has no such item.
        """
        return self._of(self._items.remove(cast("T_co", item)))

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return f"PSet({list(self)!r})"

    def __reduce__(self) -> tuple[type[PSet[Any]], tuple[tuple[T_co, ...]]]:
        return PSet, (tuple(self),)

    def apart(self, other: PSet[Any]) -> Iterable[Any]:
        """The items that may be in only one of two sets."""
        return keys_apart(cast("PMap[Any, None]", self._items), other._items)

    @staticmethod
    def _of(items: PMap[V, None]) -> PSet[V]:
        made: PSet[V] = object.__new__(PSet)
        made._items = items
        return made
