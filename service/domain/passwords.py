"""What a password must be, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct

from engine.validation import Validator, text
from service.domain.texts import compose

CharacterKind = Literal["upper case letter", "lower case letter", "digit", "other character"]

_HAS: Mapping[CharacterKind, Callable[[str], bool]] = {
    "upper case letter": str.isupper,
    "lower case letter": str.islower,
    "digit": str.isdigit,
    "other character": lambda character: not character.isalnum(),
}
# Shorter names stand in many good passwords by chance.
_SHORTEST_OWN_WORD = 4


class PasswordPolicy(Struct, frozen=True):
    """Lengths in characters. The longest is far above any real one: a bound so that hashing has one.

    `least_score` is of zxcvbn, 0 to 4: 3 is what resists who has stolen slow hashes; 0 asks for nothing.
    """

    shortest: int = 12
    longest: int = 1024
    least_score: int = 3
    allows_common: bool = False
    allows_own_words: bool = False
    needs: tuple[CharacterKind, ...] = ()


# API v1's signup, whose callers know of no rule at all.
V1_SIGNUP = PasswordPolicy(shortest=8, least_score=0, allows_common=True, allows_own_words=True)


class Strength(Struct, frozen=True):
    """`score` from 0, guessed at once, to 4; `is_common` when it stands whole in a list of leaked ones."""

    score: int
    is_common: bool


def password_rules(policy: PasswordPolicy) -> Validator[str]:
    """The rules of a policy that need nothing but the password; no issue tells anything of it.

    >>> password_rules(PasswordPolicy()).check("hush").error[0].text
    'must be 12 to 1024 characters long'
    """
    said = "must be {shortest} to {longest} characters long"
    lengths = {"shortest": policy.shortest, "longest": policy.longest}
    return text(policy.shortest, policy.longest).explained("password.length", said, **lengths).secret()


def find_weaknesses(
    policy: PasswordPolicy, password: str, strength: Strength, own_words: Iterable[str]
) -> tuple[str, ...]:
    """All that is wrong with a password beside its length; `own_words` are what anybody would try first.

    >>> find_weaknesses(PasswordPolicy(), "lovelace-1815", Strength(4, False), ["Lovelace"])
    ('must not contain your user name, e-mail address or tenant',)
    """
    has_own = not policy.allows_own_words and _contains_any(password, own_words)
    found = (
        (strength.is_common and not policy.allows_common, "is among the most common passwords"),
        (strength.score < policy.least_score, "is too easy to guess: longer, or less usual words, help"),
        (has_own, "must not contain your user name, e-mail address or tenant"),
        *((not any(map(_HAS[kind], password)), f"must have at least one {kind}") for kind in policy.needs),
    )
    return tuple(problem for is_wrong, problem in found if is_wrong)


def own_words(username: str, email: str, *tenant: str) -> tuple[str, ...]:
    """What a password must not contain."""
    return (username, email, email.partition("@")[0], *tenant)


def _contains_any(password: str, words: Iterable[str]) -> bool:
    folded = compose(password).casefold()
    return any(len(word) >= _SHORTEST_OWN_WORD and compose(word).casefold() in folded for word in words)
