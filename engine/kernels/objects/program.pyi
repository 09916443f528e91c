from typing import Any, TypeAlias, final

# The name of an operation and its argument, in the order of evaluation.
Code: TypeAlias = tuple[tuple[str, Any], ...]

@final
class Program:
    def __new__(cls, steps: tuple[tuple[str, Code], ...]) -> Program: ...
