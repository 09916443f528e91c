"""What resolved names mean: what is a function of its arguments alone, and what a method does, as data."""

from __future__ import annotations

import collections
from types import MappingProxyType
from typing import Final

# Modules whose functions and classes depend on their arguments alone, except what `DENIED` names.
ALLOWED_MODULES = frozenset(
    {
        *("math", "cmath", "operator", "_operator", "itertools", "functools", "_functools", "string", "re"),
        *(
            "_sre",
            "json",
            "_json",
            "datetime",
            "_datetime",
            "decimal",
            "_decimal",
            "fractions",
            "statistics",
        ),
        *(
            "_statistics",
            "collections",
            "_collections",
            "_collections_abc",
            "dataclasses",
            "enum",
            "typing",
        ),
        *("unicodedata", "textwrap", "html", "base64", "binascii", "hashlib", "_hashlib", "hmac", "zlib"),
        *(
            "_sha1",
            "_sha2",
            "_sha256",
            "_sha512",
            "_sha3",
            "_md5",
            "_blake2",
            "struct",
            "_struct",
            "bisect",
        ),
        *(
            "_bisect",
            "heapq",
            "_heapq",
            "copy",
            "colorsys",
            "difflib",
            "keyword",
            "urllib.parse",
            "numbers",
        ),
        *("ipaddress", "calendar", "types", "abc", "csv", "_csv", "email.utils", "quopri", "stringprep"),
        *("graphlib", "shlex", "fnmatch", "ast", "tokenize", "codecs", "_codecs", "array", "uuid"),
    }
)

ALLOWED_BUILTINS = frozenset(
    {
        *(
            "abs",
            "all",
            "any",
            "ascii",
            "bin",
            "bool",
            "bytearray",
            "bytes",
            "callable",
            "chr",
            "classmethod",
        ),
        *(
            "complex",
            "dict",
            "dir",
            "divmod",
            "enumerate",
            "filter",
            "float",
            "format",
            "frozenset",
            "getattr",
        ),
        *("hasattr", "hex", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max"),
        *("memoryview", "min", "next", "object", "oct", "ord", "pow", "property", "range", "repr"),
        *("reversed", "round", "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple"),
        *("type", "zip", "delattr", "setattr"),
    }
)

# Functions that change their first argument.
CHANGE_FIRST = frozenset(
    {
        *(
            "_heapq.heappush",
            "_heapq.heappop",
            "_heapq.heapify",
            "_heapq.heapreplace",
            "_heapq.heappushpop",
        ),
        *("_heapq._heapify_max", "_heapq._heappop_max", "_heapq._heapreplace_max", "heapq.heappush"),
        *(
            "_bisect.insort",
            "_bisect.insort_left",
            "_bisect.insort_right",
            "bisect.insort",
            "bisect.insort_right",
        ),
        *("_operator.setitem", "_operator.delitem", "_operator.iadd", "_operator.iconcat", "_operator.ior"),
        *("_operator.iand", "_operator.isub", "_operator.ixor", "_operator.imul", "builtins.setattr"),
        *("builtins.delattr", "_struct.pack_into", "struct.pack_into", "random.Random.shuffle"),
        *("itertools.tee", "builtins.next", "collections.deque.extend"),
    }
)

# Functions whose result may be one of their arguments, or a part of one.
PICK = frozenset(
    {
        *("builtins.max", "builtins.min", "builtins.next", "builtins.getattr", "builtins.iter"),
        *("functools.reduce", "_functools.reduce", "_operator.getitem", "_operator.and_", "_operator.or_"),
        *("_heapq.heappop", "_heapq.heapreplace", "_heapq.heappushpop", "typing.cast"),
    }
)

# Functions that call one argument with the items of the others: the name and place of that argument.
CALL_WITH_ITEMS: MappingProxyType[str, tuple[str, int]] = MappingProxyType(
    {
        "builtins.map": ("func", 0),
        "builtins.filter": ("function", 0),
        "builtins.sorted": ("key", -1),
        "builtins.min": ("key", -1),
        "builtins.max": ("key", -1),
        "builtins.list.sort": ("key", -1),
        "functools.reduce": ("function", 0),
        "_functools.reduce": ("function", 0),
        "itertools.groupby": ("key", 1),
        "itertools.takewhile": ("predicate", 0),
        "itertools.dropwhile": ("predicate", 0),
        "itertools.filterfalse": ("function", 0),
        "itertools.starmap": ("function", 0),
        "itertools.accumulate": ("func", 1),
        "heapq.merge": ("key", -1),
        "heapq.nsmallest": ("key", 2),
        "heapq.nlargest": ("key", 2),
        "re.sub": ("repl", 1),
    }
)

# Functions for which the order of a set does not matter, or that keep it unordered for the next one.
ORDER_FREE = frozenset(
    f"builtins.{name}"
    for name in (
        *(
            "all",
            "any",
            "bool",
            "dict",
            "frozenset",
            "isinstance",
            "len",
            "max",
            "min",
            "set",
            "sorted",
            "sum",
        ),
        *("type", "callable", "issubclass", "hasattr"),
    )
) | {"collections.Counter", "math.fsum", "math.prod", "copy.copy", "copy.deepcopy", "_heapq.heapify"}
KEEP_DISORDER = frozenset(
    {
        *("builtins.map", "builtins.filter", "builtins.iter"),
        *("itertools.chain", "itertools.filterfalse", "itertools.starmap", "itertools.chain.from_iterable"),
        *("itertools.product", "itertools.combinations", "itertools.permutations"),
    }
)

# What calls of builtins give, where the type matters for what comes next.
RESULTS: MappingProxyType[str, type | None] = MappingProxyType(
    {
        **{f"builtins.{name}": int for name in ("len", "ord", "int")},
        **{
            f"builtins.{name}": bool for name in ("all", "any", "bool", "callable", "hasattr", "isinstance")
        },
        **{
            f"builtins.{name}": str
            for name in ("ascii", "bin", "chr", "format", "hex", "oct", "repr", "str")
        },
        **{
            f"builtins.{kind.__name__}": kind
            for kind in (bytes, bytearray, complex, dict, float, frozenset)
        },
        **{
            f"builtins.{kind.__name__}": kind
            for kind in (list, range, set, tuple, enumerate, zip, reversed)
        },
        "builtins.sorted": list,
        "builtins.map": map,
        "builtins.filter": filter,
        "json.dumps": str,
        "copy.copy": None,
        "re.sub": str,
        "re.split": list,
        "re.findall": list,
        "builtins.issubclass": bool,
        "math.sqrt": float,
        "math.floor": int,
        "math.ceil": int,
    }
)

CHANGING: Final[MappingProxyType[type, frozenset[str]]] = MappingProxyType(
    {
        list: frozenset(
            {
                "append",
                "clear",
                "extend",
                "insert",
                "pop",
                "remove",
                "reverse",
                "sort",
                "__setitem__",
                "__delitem__",
            }
        ),
        dict: frozenset({"clear", "pop", "popitem", "setdefault", "update", "__setitem__", "__delitem__"}),
        set: frozenset(
            {
                *("add", "clear", "discard", "pop", "remove", "update", "difference_update"),
                *("intersection_update", "symmetric_difference_update"),
            }
        ),
        bytearray: frozenset({"append", "clear", "extend", "insert", "pop", "remove", "reverse"}),
        collections.deque: frozenset(
            {"append", "appendleft", "clear", "extend", "extendleft", "insert", "pop", "popleft", "remove"}
            | {"reverse", "rotate"}
        ),
        collections.Counter: frozenset({"clear", "pop", "popitem", "setdefault", "subtract", "update"}),
        collections.OrderedDict: frozenset(
            {"clear", "move_to_end", "pop", "popitem", "setdefault", "update"}
        ),
    }
)
# What a method of that name does when the type is not known.
CHANGING_NAMES = frozenset().union(*CHANGING.values()) | {
    "write",
    "writelines",
    "send",
    "throw",
    "put",
    "__next__",
    "read",
    "readline",
    "readlines",
}
CONSUMING_NAMES = frozenset(
    {"read", "readline", "readlines", "send", "throw", "__next__", "close", "get_nowait"}
)
# Methods that store their arguments in what they are called on.
STORING_NAMES = frozenset({"append", "appendleft", "add", "insert", "setdefault", "__setitem__"})
STORING_ITEMS = frozenset({"extend", "extendleft", "update"})
# Methods that give a part of what they are called on, or one of their arguments.
PICKING_NAMES = frozenset({"get", "pop", "popitem", "popleft", "setdefault", "__getitem__", "__next__"})

# Types whose methods change nothing and depend on nothing else.
PLAIN_TYPES = frozenset(
    {
        *(
            "builtins.str",
            "builtins.bytes",
            "builtins.int",
            "builtins.float",
            "builtins.complex",
            "builtins.bool",
        ),
        *("builtins.tuple", "builtins.frozenset", "builtins.range", "builtins.slice", "builtins.NoneType"),
        *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone"),
        *("decimal.Decimal", "fractions.Fraction", "re.Pattern", "re.Match", "uuid.UUID", "_struct.Struct"),
        *("builtins.mappingproxy", "builtins.ellipsis", "builtins.NotImplementedType", "zoneinfo.ZoneInfo"),
        *("pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "builtins.code"),
        *("operator.itemgetter", "operator.attrgetter", "operator.methodcaller", "types.GenericAlias"),
        *("_operator.itemgetter", "_operator.attrgetter", "typing.TypeVar", "types.UnionType"),
        *(
            "ipaddress.IPv4Address",
            "ipaddress.IPv6Address",
            "ipaddress.IPv4Network",
            "ipaddress.IPv6Network",
        ),
        *("engine.expr.Expr", "msgspec.UnsetType", "engine.aggregates.Aggregate", "builtins.object"),
    }
)
TEXT_RESULTS: MappingProxyType[str, type] = MappingProxyType(
    {
        **dict.fromkeys(("split", "rsplit", "splitlines"), list),
        **dict.fromkeys(("partition", "rpartition"), tuple),
        **dict.fromkeys(("count", "find", "index", "rfind", "rindex"), int),
        **dict.fromkeys(
            ("endswith", "startswith", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit"), bool
        ),
        **dict.fromkeys(
            ("isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper"), bool
        ),
    }
)
