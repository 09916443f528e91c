"""Records of every kind that programs have, for kernels that read their fields in place."""

from __future__ import annotations

import json
from collections import OrderedDict

from hypothesis import strategies as st


class Text(str):
    """Equal to the str it is made of, and not exactly one."""

    __slots__ = ()


class Sly:
    """A field name that says it is `name`, by code of its own."""

    def __hash__(self):
        return hash("name")

    def __eq__(self, other):
        return other == "name"


class Number:
    """A key whose hash and comparison are Python code."""

    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        return self.value == (other.value if isinstance(other, Number) else other)

    def __repr__(self):
        return f"Number({self.value!r})"


class Bare:
    """Has a split-table `__dict__`."""

    def __init__(self, name, serial):
        self.serial = serial
        self.name = name


class Defaulting(dict):
    """Has what is missing."""

    def __missing__(self, field):
        return 0


def without(record, field):
    del record[field]
    return record


SHAPES = {
    "name first": lambda key, serial: {"name": key, "serial": serial},
    "name last": lambda key, serial: {"serial": serial, "other": None, "name": key},
    "name made anew": lambda key, serial: {"serial": serial, "NAME".lower(): key},
    "a field deleted": lambda key, serial: without({"gone": 1, "name": key, "serial": serial}, "gone"),
    "put back at the end": lambda key, serial: {
        **without({"name": 1, "serial": serial}, "name"),
        "name": key,
    },
    "many fields": lambda key, serial: {
        **{f"field {i}": i for i in range(70)},
        "name": key,
        "serial": serial,
    },
    "fields of all types": lambda key, serial: {
        None: 1,
        (1, 2): 2,
        Text("name "): 3,
        "name": key,
        "serial": serial,
    },
    "a sly name": lambda key, serial: {"serial": serial, Sly(): key},
    "a subclass": lambda key, serial: OrderedDict(serial=serial, name=key),
    "a defaulting subclass": lambda key, serial: Defaulting(name=key, serial=serial),
    "the fields of an object": lambda key, serial: Bare(key, serial).__dict__,
}
NAN = float("nan")
PLAIN = [0, 1, 2, 10**20, True, False, 1.0, 2.5, NAN, -NAN, None, "", "a", "tenant ä", b"a"]

plain_keys = st.sampled_from(PLAIN)
keys = st.one_of(
    plain_keys,
    st.tuples(plain_keys, plain_keys),
    st.tuples(st.tuples(plain_keys)),
    st.sampled_from([0, 1, 10**20, "a"]).map(Number),
)


@st.composite
def same_shaped(draw):
    """Records of one shape, more than a kernel reads at a time in places."""
    shape = draw(st.sampled_from([*SHAPES.values()]))
    drawn = draw(st.lists(plain_keys, max_size=12))
    times = draw(st.sampled_from([1, 1, 60]))
    return [shape(key, serial) for serial, key in enumerate(drawn * times)]


@st.composite
def mixed(draw):
    """Records of changing shape, with keys of any kind."""
    drawn = draw(st.lists(st.tuples(st.sampled_from([*SHAPES.values()]), keys), max_size=40))
    return [shape(key, serial) for serial, (shape, key) in enumerate(drawn)]


@st.composite
def decoded(draw):
    """Records as a decoder of JSON gives them: all at once or one by one."""
    drawn = draw(st.lists(st.sampled_from([0, 1, 300, "a", "bc", None, True, 1.5]), max_size=40))
    texts = [json.dumps({"serial": serial, "name": key}) for serial, key in enumerate(drawn)]
    return (
        json.loads(f"[{','.join(texts)}]") if draw(st.booleans()) else [json.loads(text) for text in texts]
    )


records = st.one_of(same_shaped(), mixed(), decoded())
