"""The rules of the domain as data, and what they never tell."""

import fastjsonschema
import pytest

from service.domain.contact_fields import ContactPolicy, contact_rules
from service.domain.passwords import PasswordPolicy, password_rules

CONTACT = {"last_name": "Lovelace", "email": "ada@example.com", "labels": ["math"], "metadata": {"a": 1}}


def test_the_rules_of_a_contact_are_described_for_others():
    accept = fastjsonschema.compile(contact_rules(ContactPolicy()).describe())
    assert accept(CONTACT) == CONTACT
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        accept({"first_name": "Ada"})
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        accept(CONTACT | {"labels": [""]})


def test_a_password_policy_is_described_with_its_lengths():
    described = password_rules(PasswordPolicy(shortest=8, longest=9)).describe()
    assert (described["minLength"], described["maxLength"], described["writeOnly"]) == (8, 9, True)


def test_problems_of_a_password_never_tell_it():
    assert [issue.text for issue in password_rules(PasswordPolicy()).check("hush").error] == [
        "must be 12 to 1024 characters long"
    ]
