"""What a password must be, as data."""

from __future__ import annotations

from msgspec import Struct

from engine.validation import Validator, text


class PasswordPolicy(Struct, frozen=True):
    """Lengths in characters. The longest is far above any real one: a bound so that hashing has one."""

    shortest: int = 12
    longest: int = 1024


def password_rules(policy: PasswordPolicy) -> Validator[str]:
    """The rules of a policy; no issue tells anything of the password.

    >>> password_rules(PasswordPolicy()).check("hush").error[0].text
    'must be 12 to 1024 characters long'
    """
    said = "must be {shortest} to {longest} characters long"
    lengths = {"shortest": policy.shortest, "longest": policy.longest}
    return text(policy.shortest, policy.longest).explained("password.length", said, **lengths).secret()
