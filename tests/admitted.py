"""Who a token stands for, as a request with it would be let in."""

from __future__ import annotations

from service.application.admission import admit
from service.domain.request_limits import Caller


async def identify(world, token):
    return (await admit(world, Caller("192.0.2.1"), token)).actor
