from __future__ import annotations

import pytest

from service.domain.errors import ImportTooLarge, ImportUnreadable
from service.domain.text_files import read_lines


@pytest.mark.parametrize("data", [b"", b" \r\n\n"])
def test_an_empty_file_is_refused(data):
    assert read_lines(data).error.detail == "the file is empty"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_wide_encodings_are_refused_with_a_hint(encoding):
    error = read_lines("name,email\nAda,a@example.com\n".encode(encoding)).error
    assert isinstance(error, ImportUnreadable)
    assert "UTF-16" in error.detail
    assert "UTF-8" in error.hint


def test_a_binary_file_is_refused():
    assert read_lines(b"PK\x03\x04\x14\x00\x06\x08").error.detail == "the file is not text"


def test_a_line_of_more_than_a_mebibyte_is_refused_by_number():
    error = read_lines(b"name\n" + b"x" * (1024 * 1024 + 1)).error
    assert isinstance(error, ImportTooLarge)
    assert "line 2" in error.detail


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_lines_end_as_any_system_ends_them(end):
    assert read_lines(b"a" + end + b"b").value == [b"a", b"b"]


def test_a_byte_order_mark_is_no_text():
    assert read_lines(b"\xef\xbb\xbfname").value == [b"name"]
