from typing import TypeVar

from engine.kernels.objects.lazy import Lazy

_T_co = TypeVar("_T_co", covariant=True)

class Keyed(Lazy[_T_co]): ...
