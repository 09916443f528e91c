"""The settings a tenant can make, as a table: the one place to add another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct
from phonenumbers import SUPPORTED_REGIONS

from engine.result import Err, Ok, Result
from engine.validation import name_of_type
from service.domain.identity import Visibility

Signup = Literal["closed", "verified", "open"]

Value: TypeAlias = str | int | bool

LARGEST_PAGE = 500
_SMALLEST_IMPORT_BYTES = 1024
_MOST_CHOICES_SHOWN = 5


class Choice(Struct, frozen=True, tag="choice", tag_field="type"):
    """One of some texts."""

    name: str
    default: str
    description: str
    choices: tuple[str, ...]

    def parse(self, value: object) -> Result[Value, str]:
        """The value itself, or what is wrong with it."""
        if isinstance(value, str) and value in self.choices:
            return Ok(value)
        shown = ", ".join(self.choices[:_MOST_CHOICES_SHOWN])
        more = len(self.choices) - _MOST_CHOICES_SHOWN
        expected = f"{shown} or {more} more" if more > 0 else shown
        got = repr(value[:40]) if isinstance(value, str) else name_of_type(value)
        return Err(f"must be one of {expected}, got {got}")


class WholeNumber(Struct, frozen=True, tag="integer", tag_field="type"):
    """An integer within bounds, both included."""

    name: str
    default: int
    description: str
    minimum: int
    maximum: int

    def parse(self, value: object) -> Result[Value, str]:
        """The value itself, or what is wrong with it."""
        expected = f"must be a whole number from {self.minimum} to {self.maximum}"
        if not isinstance(value, int) or isinstance(value, bool):
            return Err(f"{expected}, got {name_of_type(value)}")
        return Ok(value) if self.minimum <= value <= self.maximum else Err(f"{expected}, got {value}")


Setting: TypeAlias = Choice | WholeNumber
SettingsTable: TypeAlias = Mapping[str, Setting]


def settings_table(*, phone_region: str = "US", import_max_bytes: int = 32 * 1024 * 1024) -> SettingsTable:
    """Every setting by its name; the arguments are the service's own, which tenants start from."""
    settings: tuple[Setting, ...] = (
        Choice(
            "contacts.visibility",
            default="tenant",
            description="whose contacts people without an administrator's role see and change: "
            "all of the tenant, or their own",
            choices=("tenant", "owner"),
        ),
        Choice(
            "contacts.phone_region",
            default=phone_region,
            description="country (ISO 3166) of phone numbers without a country code",
            choices=tuple(sorted(SUPPORTED_REGIONS)),
        ),
        WholeNumber(
            "contacts.page_size",
            default=50,
            description="contacts on a page when the request does not say how many",
            minimum=1,
            maximum=LARGEST_PAGE,
        ),
        WholeNumber(
            "limits.import_bytes",
            default=import_max_bytes,
            description="size in bytes of the largest file that is imported",
            minimum=min(_SMALLEST_IMPORT_BYTES, import_max_bytes),
            maximum=import_max_bytes,
        ),
        Choice(
            "accounts.signup",
            default="verified",
            description="who can sign up: nobody, those who confirm their e-mail address, or anybody",
            choices=("closed", "verified", "open"),
        ),
    )
    return {setting.name: setting for setting in settings}


class TenantSettings(
    Struct,
    frozen=True,
    rename={
        "visibility": "contacts.visibility",
        "phone_region": "contacts.phone_region",
        "page_size": "contacts.page_size",
        "import_max_bytes": "limits.import_bytes",
        "signup": "accounts.signup",
    },
):
    """What is in effect for one tenant, typed: every setting of the table has its field here."""

    visibility: Visibility
    phone_region: str
    page_size: int
    import_max_bytes: int
    signup: Signup = "verified"
