import pytest

from service.web.negotiation import accepts


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "text/html, */*;q=0.1",
        "Application/JSON; charset=utf-8",
        "*/*;q=0.001",
    ],
)
def test_json_is_accepted(accept):
    assert accepts(accept, ("application/json",))


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/json;q=0", "*/*;q=0", "application/json;q=0, */*", "", "json", "*/*;q=nan"],
)
def test_json_is_not_accepted(accept):
    assert not accepts(accept, ("application/json",))


def test_one_of_several_is_enough():
    assert accepts("text/vcard", ("text/csv", "text/vcard"))
