"""What the command line refuses before it reaches for any server."""

import pytest
from click.testing import CliRunner

from service.cli import main


@pytest.mark.parametrize("pair", ["contacts.page_size", "", "20"])
def test_a_setting_without_a_value_is_refused(pair):
    done = CliRunner().invoke(main, ["tenant", "config", "set", "--tenant", "acme", pair])
    assert (done.exit_code, f"expected NAME=VALUE, got {pair!r}" in done.output) == (2, True)


def test_the_tenant_must_be_named():
    done = CliRunner().invoke(main, ["tenant", "config", "get"])
    assert (done.exit_code, "--tenant" in done.output) == (2, True)
