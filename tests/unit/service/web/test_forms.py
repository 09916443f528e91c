import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.forms import FormFile, parse_form_file

TYPE = "multipart/form-data; boundary=x"


def part(head, content):
    return b"--x\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


NOTE = part(b'Content-Disposition: form-data; name="note"', b"hello")
FILE = part(
    b'Content-Disposition: form-data; name="f"; filename="a.csv"\r\nContent-Type: Text/CSV', b"a,b\r\n1,2"
)


def test_the_file_is_found_between_other_fields():
    assert parse_form_file(TYPE, NOTE + FILE + NOTE + b"--x--\r\n").value == FormFile(
        "a.csv", "text/csv", b"a,b\r\n1,2"
    )


def test_a_preamble_and_an_epilogue_are_passed_over():
    assert parse_form_file(TYPE, b"hello\r\n" + FILE + b"--x--\r\nbye").is_ok()


def test_a_boundary_may_be_quoted():
    assert parse_form_file('multipart/form-data; boundary="x"', FILE + b"--x--").is_ok()


def test_a_line_that_only_begins_like_the_boundary_belongs_to_the_file():
    body = FILE.replace(b"1,2", b"1,2\r\n--xy\r\n") + b"--x--"
    assert parse_form_file(TYPE, body).value.content == b"a,b\r\n1,2\r\n--xy\r\n"


@pytest.mark.parametrize(
    ("content_type", "body", "problem"),
    [
        ("multipart/form-data", FILE + b"--x--", "the form does not name its boundary"),
        (TYPE, b"", "the form is broken: its last boundary is missing"),
        (TYPE, FILE, "the form is broken: its last boundary is missing"),
        (TYPE, FILE + b"--y--", "the form is broken: its last boundary is missing"),
        (TYPE, NOTE + b"--x--", "the form must hold one file, got 0"),
        (TYPE, b"--x--", "the form must hold one file, got 0"),
        (TYPE, FILE + FILE + b"--x--", "the form must hold one file, got 2"),
    ],
)
def test_what_is_wrong_is_said(content_type, body, problem):
    assert parse_form_file(content_type, body).error == problem


@given(st.binary(max_size=80).map(lambda noise: noise.replace(b"#", b"\r\n--x")))
def test_any_bytes_are_a_form_or_none(body):
    result = parse_form_file(TYPE, body)
    assert isinstance(result.value, FormFile) if result.is_ok() else result.error


class Sink:
    def __init__(self):
        self.sent = b""

    async def write(self, data):
        self.sent += data


@given(st.binary(max_size=200), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10))
async def test_what_a_client_packs_is_what_comes_out(content, stem):
    form = aiohttp.FormData()
    form.add_field("file", content, filename=f"{stem}.csv", content_type="text/csv")
    packed, sink = form(), Sink()
    await packed.write(sink)
    parsed = parse_form_file(packed.headers["Content-Type"], sink.sent)
    assert (parsed.value.content, parsed.value.media_type) == (content, "text/csv")
