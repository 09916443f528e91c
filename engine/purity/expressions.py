"""What expressions give, and what reading them shows: attributes, methods, displays, comprehensions."""

from __future__ import annotations

import ast
import inspect
import sys
import types
from typing import Any, TypeAlias

from engine.purity.allowed import (
    CHANGING,
)
from engine.purity.calls import ASYNC, CHANGES, SET_ORDER, Arguments, is_disordered
from engine.purity.frame import MUTABLE_GLOBAL
from engine.purity.methods import Methods
from engine.purity.model import (
    MISSING,
    NOTHING,
    Node,
    Value,
    is_immutable,
    is_plain,
    key_type,
    parts,
)
from engine.purity.resolve import effect_of

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_TEXT_OR_NUMBER = (str, bytes, int, float, bool, complex)


class Expressions(Methods):
    """One method for each kind of expression whose meaning matters; all others hold their parts."""

    def value_of(self, node: ast.expr | None) -> Value:
        """What an expression may give."""
        if node is None:
            return NOTHING
        read = getattr(self, f"_{type(node).__name__.lower()}", self._others)
        found: Value = read(node)
        return found

    def _others(self, node: ast.expr) -> Value:
        made = self.fresh(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                made.hold(self.value_of(child))
        return frozenset({made})

    def _constant(self, node: ast.Constant) -> Value:
        return frozenset({self.fresh(node, type(node.value))})

    def _name(self, node: ast.Name) -> Value:
        return self.look_up(node.id, node)

    def _compare(self, node: ast.Compare) -> Value:
        for each in [node.left, *node.comparators]:
            self.value_of(each)
        return frozenset({self.fresh(node, bool)})

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.value_of(node.left), self.value_of(node.right)
        kinds = {each.annotation for each in left if each.kind is not None}
        alike = (
            kinds
            and len(kinds) == 1
            and all(each.kind in _TEXT_OR_NUMBER or each.kind in CHANGING for each in left)
        )
        made = self.fresh(node, kinds.pop() if alike else None)
        made.hold(parts(left) | parts(right))
        made.disordered |= any(is_disordered(each) for each in left | right)
        return frozenset({made})

    def _boolop(self, node: ast.BoolOp) -> Value:
        return frozenset[Node]().union(*map(self.value_of, node.values))

    def _ifexp(self, node: ast.IfExp) -> Value:
        self.value_of(node.test)
        return self.value_of(node.body) | self.value_of(node.orelse)

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.value_of(node.value)
        self.env[node.target.id] = value
        return value

    def _joinedstr(self, node: ast.JoinedStr) -> Value:
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                value = self.value_of(each.value)
                self._ordered(value, node, "f-string")
                self.show(value, node, "f-string")
        return frozenset({self.fresh(node, str)})

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        made = self.fresh(node, {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)])
        for place, each in enumerate(node.elts):
            if isinstance(each, ast.Starred):
                value = self.value_of(each.value)
                self._ordered(value, node, "*")
                made.hold(parts(value))
            else:
                made.hold(self.value_of(each), place)
        return frozenset({made})

    _tuple = _set = _list

    def _dict(self, node: ast.Dict) -> Value:
        made = self.fresh(node, dict)
        for key, value in zip(node.keys, node.values, strict=True):
            held = self.value_of(value)
            if key is None:
                made.hold(parts(held))
            else:
                self.value_of(key)
                made.hold(held, key.value if isinstance(key, ast.Constant) else None)
        return frozenset({made})

    def _starred(self, node: ast.Starred) -> Value:
        value = self.value_of(node.value)
        self._ordered(value, node, "*")
        return parts(value)

    def _subscript(self, node: ast.Subscript) -> Value:
        value, index = self.value_of(node.value), self.value_of(node.slice)
        if isinstance(node.slice, ast.Slice) or any(each.kind is slice for each in index):
            made = self.fresh(node, next((each.annotation for each in value), None))
            made.hold(parts(value))
            return frozenset({made})
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        held = frozenset(found for each in value for found in self._part(each, key))
        return held or frozenset(self._empty_part(node, value))

    def _attribute(self, node: ast.Attribute) -> Value:
        return self.attribute(self.value_of(node.value), node)

    def attribute(self, value: Value, node: ast.Attribute) -> Value:
        """What an attribute gives: of what is known, the thing itself; of a class, a field or property."""
        return frozenset(found for each in value for found in self._attribute_of(each, node))

    def _attribute_of(self, owner: Node, node: ast.Attribute) -> Value:
        if owner.known is not MISSING:
            return self.known_attribute(owner.known, node)
        kind = owner.kind
        if kind is not None and not is_plain(kind):
            member = inspect.getattr_static(kind, node.attr, None)
            getter = member.fget if isinstance(member, property) else getattr(member, "func", None)
            if isinstance(getter, types.FunctionType):
                return self.follow(self.session.read(getter), Arguments([frozenset({owner})], {}), node)
            if ("attribute", node.attr) not in owner.fields and _is_shared(kind, node.attr, member):
                return self.known_attribute(kind, node)
        return owner.part(("attribute", node.attr), _field_type(kind, node.attr)) or owner.part()

    def known_attribute(self, owner: Any, node: ast.Attribute) -> Value:
        """An attribute of a module, class, function or constant."""
        static = inspect.getattr_static(owner, node.attr, MISSING)
        if isinstance(static, property) and isinstance(static.fget, types.FunctionType):
            return self.follow(self.session.read(static.fget), Arguments([self._kept(owner)], {}), node)
        is_bound = not isinstance(owner, types.ModuleType) and hasattr(type(static), "__get__")
        if static is MISSING or (is_bound and not isinstance(static, _QUIET)):
            return NOTHING
        value = getattr(owner, node.attr)
        if (
            isinstance(owner, types.ModuleType | types.FunctionType | type)
            and not callable(value)
            and not isinstance(value, types.ModuleType)
        ):
            name = f"{getattr(owner, '__qualname__', owner.__name__)}.{node.attr}"
            effect = effect_of(name) if isinstance(owner, types.ModuleType) else None
            if effect is not None and name not in _CONSTANTS:
                self.found(effect, name, node)
            elif not is_immutable(value):
                self.found(MUTABLE_GLOBAL, f"{name} ({type(value).__name__})", node)
        return frozenset({self._known(value)})

    def _call(self, node: ast.Call) -> Value:
        given = Arguments(
            [self.value_of(each) for each in node.args],
            {each.arg or "**": self.value_of(each.value) for each in node.keywords},
        )
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, given, node)
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self.env.get("self", NOTHING)
        return self.call(self.value_of(node.func), given, node, ast.unparse(node.func)[:80])

    def _lambda(self, node: ast.Lambda) -> Value:
        made = self.fresh(node, types.FunctionType)
        made.inner = (self, node)
        self.read_inner(node, [])
        return frozenset({made})

    def _listcomp(self, node: Comprehension) -> Value:
        kind = {
            ast.ListComp: list,
            ast.SetComp: set,
            ast.DictComp: dict,
            ast.GeneratorExp: types.GeneratorType,
        }[type(node)]
        made = self.fresh(node, kind)
        before = dict(self.env)
        for generator in node.generators:
            source = self.value_of(generator.iter)
            self._go_through(source, generator, node, made)
            self.bind(generator.target, self.items_of(source, generator))
            for test in generator.ifs:
                self.value_of(test)
        held = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for each in held:
            made.hold(self.value_of(each))
        self.env = before
        return frozenset({made})

    _setcomp = _dictcomp = _generatorexp = _listcomp

    def _go_through(
        self, source: Value, generator: ast.comprehension, node: Comprehension, made: Node
    ) -> None:
        self.iterate(source, generator.iter, "for")
        if generator.is_async:
            self.found(ASYNC, "async for", node)
        if isinstance(node, ast.ListComp):
            self._ordered(source, node, "[... for ...]")
        elif isinstance(node, ast.GeneratorExp):
            made.disordered |= any(is_disordered(each) for each in source)

    def items_of(self, source: Value, node: ast.AST) -> Value:
        """What going through these values gives, one after another."""
        found: set[Node] = set()
        for each in source:
            if each.owner is not None and (keys := key_type(each.annotation)) is not None:
                found |= each.part("each", keys)
            else:
                found |= self._part(each) or {self.fresh(node, key_type(each.annotation), "item")}
        return frozenset(found)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Value:
        value = self.value_of(node.value)
        if isinstance(node, ast.YieldFrom):
            self.iterate(value, node, "yield from")
            self._ordered(value, node, "yield from")
        if self.unordered_loops:
            self.found(SET_ORDER, "yield", node)
        self.summary.result |= value
        self.summary.one_shot = True
        return frozenset({self.fresh(node)})

    _yieldfrom = _yield

    def _await(self, node: ast.Await) -> Value:
        self.found(ASYNC, "await", node)
        return self.value_of(node.value)

    def bind(self, target: ast.expr, value: Value) -> None:
        """Note what the names of a target stand for from here on; other targets change something."""
        if isinstance(target, ast.Name):
            self.env[target.id] = value
        elif isinstance(target, ast.Starred):
            made = self.fresh(target, list)
            made.hold(value)
            self.bind(target.value, frozenset({made}))
        elif isinstance(target, ast.Tuple | ast.List):
            self._ordered(value, target, "unpacking")
            self.iterate(value, target, "unpacking")
            for place, each in enumerate(target.elts):
                held = frozenset(part for node in value for part in self._part(node, place))
                self.bind(each, held or frozenset({self.fresh(each)}))
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self.assign_into(target, value)

    def assign_into(self, target: ast.Attribute | ast.Subscript, value: Value) -> None:
        """An attribute or item is assigned: fine for what was made here."""
        owners = self.value_of(target.value)
        self.change(owners, CHANGES, ast.unparse(target)[:80], target)
        key: object = ("attribute", target.attr) if isinstance(target, ast.Attribute) else None
        if isinstance(target, ast.Subscript):
            self.value_of(target.slice)
            key = target.slice.value if isinstance(target.slice, ast.Constant) else None
        for owner in owners:
            owner.hold(value, key)


_CONSTANTS = frozenset(
    {"os.sep", "os.linesep", "os.extsep", "sys.maxsize", "sys.byteorder", "sys.float_info"}
)
# Descriptors that run nothing of anyone's.
_QUIET = (
    *(
        types.FunctionType,
        types.BuiltinFunctionType,
        types.MethodDescriptorType,
        types.WrapperDescriptorType,
    ),
    *(types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, type),
    *(classmethod, staticmethod),
)


def _is_shared(kind: type, name: str, member: object) -> bool:
    """Whether objects find something there that can change and that they have from their class."""
    is_data = not hasattr(type(member), "__get__") and name not in getattr(kind, "__slots__", ())
    return is_data and member is not None and not is_immutable(member)


def _field_type(kind: Any, name: str) -> Any:
    if kind is None:
        return None
    for cls in getattr(kind, "__mro__", ()):
        own = vars(cls).get("__annotations__", {})
        annotation = own.get(name) if isinstance(own, dict) else None  # metaclasses have a descriptor there
        if isinstance(annotation, str):
            spaces = vars(sys.modules.get(cls.__module__, types))
            annotation = evaluated(annotation, spaces)
        if annotation is not None:
            return annotation
    return None


def evaluated(text: str, names: dict[str, Any]) -> Any:
    """What an annotation written as text stands for; None where it cannot be told."""
    try:
        return eval(text, dict(names))  # noqa: S307 (an annotation of the module's own)
    except Exception:  # noqa: BLE001 (an annotation may be anything)
        return None
