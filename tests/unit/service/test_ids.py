from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from service.adapters.ids import Uuid7Source


def at(*times_ms):
    times = itertools.chain(times_ms, itertools.repeat(times_ms[-1]))
    return lambda: next(times)


def test_an_id_says_version_7_variant_rfc_and_the_time_it_was_made():
    made = Uuid7Source(unix_ms=at(0x017F22E279B0))()

    assert (made.version, made.variant, made.int >> 80) == (7, RFC_4122, 0x017F22E279B0)


def test_the_bits_lie_as_in_the_example_of_the_rfc():
    # RFC 9562, A.6: the counter is rand_a (0xCC3) and the 30 bits after the variant.
    bits = {41: 0xCC3 << 30 | 0x18C4DC0C, 32: 0x0C07398F}

    made = Uuid7Source(unix_ms=at(0x017F22E279B0), random_bits=bits.__getitem__)()

    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_ids_of_one_millisecond_ascend():
    source = Uuid7Source(unix_ms=at(5))

    made = [source() for _ in range(1000)]

    assert made == sorted(set(made))


def test_a_clock_that_steps_back_does_not_make_lesser_ids():
    source = Uuid7Source(unix_ms=at(1000, 900, 1001))

    made = [source() for _ in range(3)]

    assert made == sorted(set(made))


def test_a_counter_that_is_used_up_borrows_the_next_millisecond():
    source = Uuid7Source(unix_ms=at(7), random_bits=lambda bits: (1 << bits) - 1)
    source._last_ms, source._counter = 7, (1 << 42) - 1

    assert source().int >> 80 == 8


def test_threads_never_share_an_id():
    source = Uuid7Source()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: source(), range(4000)))

    assert len(set(made)) == 4000
