"""How long does a program wait for `import engine`?"""

from __future__ import annotations

from benchmarks.question import Limit, Program, ProgramQuestion

MOST_S = 0.060

QUESTIONS = (
    ProgramQuestion(
        "import engine",
        "a whole process from start to end that does nothing else, above the interpreter alone",
        (
            Program("engine", "engine", "import engine"),
            Program("interpreter alone", "baseline", ""),
            Program("cytoolz", "rival", "import cytoolz"),
            Program("more_itertools", "rival", "import more_itertools"),
            Program("PyFunctional", "rival", "import functional"),
        ),
        (Limit("above the interpreter alone", MOST_S, ("engine",), "median_s", above="interpreter alone"),),
    ),
)
