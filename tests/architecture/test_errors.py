from pathlib import Path

from service.domain.errors import ServiceError
from service.web import refusals
from service.web.errors import STATUS

DOCUMENT = Path(__file__).parents[2] / "docs" / "errors.md"


def all_codes():
    def below(cls):
        for child in cls.__subclasses__():
            yield child
            yield from below(child)

    assert refusals  # imported, so that its classes exist
    return {cls.code for cls in below(ServiceError) if "code" in vars(cls)}


def test_every_code_has_a_status():
    assert all_codes() == set(STATUS)


def test_every_code_is_documented_with_its_status():
    rows = [line.split("|") for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    assert {row[1].strip(" `"): int(row[2]) for row in rows} == dict(STATUS)
