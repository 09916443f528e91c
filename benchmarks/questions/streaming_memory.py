"""Does a chain over a generator hold more than one item at a time?"""

from __future__ import annotations

from benchmarks.question import Limit, Program, ProgramQuestion

MOST_BYTES = 10_000_000
LONG = 10_000_000
ITEMS = 'items = ({"age": n % 90, "id": n} for n in range({size}))\n'
ENGINE = "from engine import Chain, it\n" + ITEMS
ALONE = "interpreter alone"

QUESTIONS = (
    ProgramQuestion(
        "memory of a stream",
        "peak of a process that takes records from a generator through filter, map, filter to a sum",
        (
            Program(
                "engine, expressions",
                "engine",
                ENGINE
                + 'print(Chain(items).filter(it["age"] > 30).map(it["id"] * 2).filter(it % 3 != 0).sum())',
            ),
            Program(
                "engine, lambdas",
                "engine",
                ENGINE + 'print(Chain(items).filter(lambda r: r["age"] > 30).map(lambda r: r["id"] * 2)'
                ".filter(lambda n: n % 3 != 0).sum())",
            ),
            Program(
                "loop",
                "loop",
                ITEMS + "total = 0\n"
                "for item in items:\n"
                '    if item["age"] > 30 and item["id"] * 2 % 3 != 0:\n'
                '        total += item["id"] * 2\n'
                "print(total)",
            ),
            Program(
                "map and filter",
                "rival",
                ITEMS + 'print(sum(filter(lambda n: n % 3 != 0, map(lambda r: r["id"] * 2,'
                ' filter(lambda r: r["age"] > 30, items)))))',
            ),
            Program(
                "PyFunctional",
                "rival",
                "from functional import seq\n" + ITEMS + 'print(seq(items).filter(lambda r: r["age"] > 30)'
                '.map(lambda r: r["id"] * 2).filter(lambda n: n % 3 != 0).sum())',
            ),
            Program(ALONE, "baseline", "", job="nothing"),
            Program("import engine", "baseline", "import engine", job="nothing"),
        ),
        (
            Limit(
                f"expressions over {LONG:,} items, above the interpreter",
                MOST_BYTES,
                ("engine, expressions",),
                "peak_bytes",
                above=ALONE,
                sizes=(LONG,),
            ),
            Limit(
                f"lambdas over {LONG:,} items, above the interpreter",
                MOST_BYTES,
                ("engine, lambdas",),
                "peak_bytes",
                above=ALONE,
                sizes=(LONG,),
            ),
        ),
        sizes=(100_000, LONG),
        max_rounds=1,
    ),
)
