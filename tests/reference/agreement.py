"""What it means that a chain agrees with its reference, and a source that tells what was read of it."""

from __future__ import annotations


def agree(chain, expected):
    """One by one, all at once, and a second time: always the same."""
    assert list(chain) == expected
    assert chain.collect() == expected
    assert chain.count() == len(expected)
    lower, upper = chain.size_hint()
    assert lower <= len(expected)
    assert upper is None or len(expected) <= upper


class Reader:
    """A source that counts what was read of it and notes when it was closed; it may fail on the way."""

    def __init__(self, size=100, make=lambda n: n, fails_at=None):
        self.size, self.make, self.fails_at = size, make, fails_at
        self.read = 0
        self.closed = False

    def __iter__(self):
        try:
            for n in range(self.size):
                if n == self.fails_at:
                    raise OSError("gone")
                self.read += 1
                yield self.make(n)
        finally:
            self.closed = True


def stop(*_):
    raise StopIteration
