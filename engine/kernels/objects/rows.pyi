from typing import Any, final

from engine.kernels.objects.keys import KeySpec

@final
class Rows: ...

def are_plain(items: list[Any], key: KeySpec = None) -> bool: ...
