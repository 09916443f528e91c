"""The Python function that an expression stands for, compiled from its tree."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, cast

from engine.errors import PlanError
from engine.nodes import (
    Attribute,
    Binary,
    Call,
    Constant,
    Element,
    Item,
    Logical,
    Method,
    Node,
    Unary,
    depth,
    rendered,
    walk,
)

ARITHMETIC: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "**": ast.Pow(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
    "<<": ast.LShift(),
    ">>": ast.RShift(),
}
COMPARISON: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "in": ast.In(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
}
UNARY: dict[str, ast.unaryop] = {"-": ast.USub(), "+": ast.UAdd(), "~": ast.Invert(), "not": ast.Not()}

# Of the file name that tracebacks show for an expression.
_NAME_LENGTH = 80
# Python compiles by recursion; deeper expressions become one assignment for each operation.
_NESTED_DEPTH = 60
# A right side of `and` and `or` stands in an `if`, and the compiler recurses into those.
_MOST_BRANCHES = 60


def function_of(root: Node) -> Callable[[Any], Any]:
    """A function of one item that computes the expression, as fast as the lambda one would write.

    Raises:
        PlanError: `and_` and `or_` are nested too deep on their right.
    """
    constants: dict[str, Any] = {}
    body = _nested(root, constants) if depth(root) <= _NESTED_DEPTH else _assigned(root, constants)
    item = ast.arguments(posonlyargs=[ast.arg("item")], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    text = rendered(root)
    name = f"<{text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 3] + '...'}>"
    if isinstance(body, ast.expr):
        tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(item, body)))
        made = eval(compile(tree, name, "eval"), constants)  # noqa: S307 (a tree of our own nodes, never text)
        return cast("Callable[[Any], Any]", made)
    definition = ast.FunctionDef("computed", item, body, [])
    module = ast.fix_missing_locations(ast.Module([definition], []))
    exec(compile(module, name, "exec"), constants)  # noqa: S102 (a tree of our own nodes, never text)
    return cast("Callable[[Any], Any]", constants["computed"])


def _nested(root: Node, constants: dict[str, Any]) -> ast.expr:
    """One Python expression."""
    ready: list[ast.expr] = []
    for node, done in walk(root):
        count = len(node.operands)
        if done == count:
            operands = ready[len(ready) - count :]
            del ready[len(ready) - count :]
            ready.append(_syntax(node, operands, constants))
    return ready[0]


def _assigned(root: Node, constants: dict[str, Any]) -> list[ast.stmt]:
    """A statement for each operation, which keeps what waits for its operator in numbered variables."""
    bodies: list[list[ast.stmt]] = [[]]
    waiting = 0
    for node, done in walk(root):
        count = len(node.operands)
        if isinstance(node, Logical) and done == 1:
            _require_branches(len(bodies))
            bodies.append([])
            waiting -= 1
        if done < count:
            continue
        if isinstance(node, Logical):
            branch = bodies.pop()
            left: ast.expr = _variable(waiting - 1)
            bodies[-1].append(
                ast.If(left if node.operator == "and" else ast.UnaryOp(ast.Not(), left), branch, [])
            )
            continue
        operands: list[ast.expr] = [_variable(position) for position in range(waiting - count, waiting)]
        waiting += 1 - count
        value = _syntax(node, operands, constants)
        bodies[-1].append(ast.Assign([ast.Name(f"value_{waiting - 1}", ast.Store())], value))
    return [*bodies[0], ast.Return(_variable(0))]


def _variable(position: int) -> ast.Name:
    return ast.Name(f"value_{position}", ast.Load())


def _require_branches(branches: int) -> None:
    if branches > _MOST_BRANCHES:
        raise PlanError(
            f"and_ and or_ may be nested {_MOST_BRANCHES} deep on their right side, got more: "
            "write a.and_(b).and_(c) instead of a.and_(b.and_(c))"
        )


def _syntax(node: Node, operands: list[ast.expr], constants: dict[str, Any]) -> ast.expr:  # noqa: C901, PLR0911 (one for each node)
    match node:
        case Item():
            return ast.Name("item", ast.Load())
        case Constant(value):
            return _named(value, constants)
        case Attribute(_, name):
            return ast.Attribute(operands[0], name, ast.Load())
        case Element():
            return ast.Subscript(operands[0], operands[1], ast.Load())
        case Unary(operator, _):
            return ast.UnaryOp(UNARY[operator], operands[0])
        case Binary(operator, _, _) if operator in COMPARISON:
            return ast.Compare(operands[0], [COMPARISON[operator]], [operands[1]])
        case Binary(operator, _, _):
            return ast.BinOp(operands[0], ARITHMETIC[operator], operands[1])
        case Logical(operator, _, _):
            return ast.BoolOp(ast.And() if operator == "and" else ast.Or(), operands)
        case Method(_, name, _):
            return ast.Call(ast.Attribute(operands[0], name, ast.Load()), operands[1:], [])
        case Call(function, _):
            return ast.Call(_named(function, constants), operands, [])


def _named(value: object, constants: dict[str, Any]) -> ast.expr:
    name = f"constant_{len(constants)}"
    constants[name] = value
    return ast.Name(name, ast.Load())
