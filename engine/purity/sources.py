"""Where a function's source stands: its syntax tree, only when it is the one that was compiled."""

from __future__ import annotations
import __future__

import ast
import linecache
from collections.abc import Iterator
from types import CodeType
from typing import Any, NamedTuple, TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Page(NamedTuple):
    """A file's functions by first line and name, with the names that some function rebinds."""

    definitions: dict[tuple[int, str], list[Definition]]
    codes: dict[tuple[int, str], list[CodeType]]
    rebound: frozenset[str]


_pages: dict[str, tuple[int, Page | None]] = {}


def definition_of(code: CodeType, names: dict[str, Any]) -> Definition | None:
    """The syntax of a code object; None where there is none, or where the file has changed since."""
    page = page_of(code.co_filename, names)
    key = (code.co_firstlineno, code.co_name)
    if page is None or code not in page.codes.get(key, []):
        return None
    found = [node for node in page.definitions.get(key, []) if _holds(node, code)]
    return found[-1] if found else None  # the innermost: a tree is walked from outside


def page_of(file: str, names: dict[str, Any]) -> Page | None:
    """What is to be known of a file, read once for each of its versions."""
    lines = linecache.getlines(file, names)
    version = hash(tuple(lines))
    if file not in _pages or _pages[file][0] != version:
        _pages[file] = (version, _page("".join(lines), file))
    return _pages[file][1]


def _page(text: str, file: str) -> Page | None:
    try:
        tree = ast.parse(text, file)
        # What is typed at a prompt, or stands in a docstring, may inherit this of the module around it.
        flags = (0, __future__.annotations.compiler_flag) if file.startswith("<") else (0,)
        compiled = [compile(text, file, "exec", flag, dont_inherit=True) for flag in flags]
    except (SyntaxError, ValueError):
        return None
    page = Page({}, {}, _rebound(tree))
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            page.definitions.setdefault(_key(node), []).append(node)
    for code in (inner for outer in compiled for inner in _codes(outer)):
        page.codes.setdefault((code.co_firstlineno, code.co_name), []).append(code)
    return page


def _key(node: Definition) -> tuple[int, str]:
    if isinstance(node, ast.Lambda):
        return node.lineno, "<lambda>"
    return min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.name


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _holds(node: Definition, code: CodeType) -> bool:
    """Several lambdas may stand in one line: the columns of the code tell which it is."""
    if not isinstance(node, ast.Lambda):
        return True
    body = node.body
    begin, end = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    places = [place for place in code.co_positions() if None not in place and place[3]]
    return all(begin <= (p[0] or 0, p[2] or 0) and (p[1] or 0, p[3] or 0) <= end for p in places)


def _rebound(tree: ast.AST) -> frozenset[str]:
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)
