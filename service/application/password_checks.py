"""Whether a password will do, by the whole policy."""

from __future__ import annotations

from engine.result import Err
from service.application.world import World
from service.domain.passwords import PasswordPolicy, find_weaknesses, own_words, password_rules
from service.domain.problems import Problems
from service.domain.users import NewUser, find_profile_problems


async def find_password_faults(
    world: World, policy: PasswordPolicy, password: str, words: tuple[str, ...]
) -> tuple[str, ...]:
    """All that is wrong with it; empty when it will do."""
    checked = password_rules(policy).check(password)
    too_short = tuple(issue.text for issue in checked.error) if isinstance(checked, Err) else ()
    strength = await world.meter.measure(password, words)
    return too_short + find_weaknesses(policy, password, strength, words)


async def find_account_problems(
    world: World, policy: PasswordPolicy, new: NewUser, *tenant_names: str
) -> Problems:
    """All that is wrong with a new account, by field."""
    words = own_words(new.username, new.email, *tenant_names)
    faults = await find_password_faults(world, policy, new.password, words)
    return find_profile_problems(new.username, new.email) | ({"password": faults} if faults else {})
