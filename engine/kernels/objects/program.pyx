"""Steps of a chain as one program over blocks of records; `engine.postfix` says what their code is.

A program holds what it computes while it runs, so each run of a chain makes its own.
"""

from _collections import _tuplegetter

cimport cython


cdef dict ARITHMETIC = {
    "+": <int>Operator.add, "-": <int>Operator.subtract, "*": <int>Operator.multiply, "/": <int>Operator.divide,
    "//": <int>Operator.floor_divide, "%": <int>Operator.remainder, "**": <int>Operator.power,
    "&": <int>Operator.bit_and, "|": <int>Operator.bit_or, "^": <int>Operator.bit_xor,
    "<<": <int>Operator.shift_left, ">>": <int>Operator.shift_right,
}
cdef dict COMPARISON = {
    "==": <int>Operator.equal, "!=": <int>Operator.not_equal, "<": <int>Operator.less,
    "<=": <int>Operator.less_equal, ">": <int>Operator.greater, ">=": <int>Operator.greater_equal,
}
cdef dict IDENTITY = {"is": <int>Operator.same_object, "is not": <int>Operator.other_object}
cdef dict UNARY = {
    "-": <int>Operator.negative, "+": <int>Operator.positive, "~": <int>Operator.invert,
    "not": <int>Operator.negation,
}
cdef dict DIRECTIONS = {"startswith": -1, "endswith": 1}
cdef object TUPLE_GETTER = _tuplegetter


@cython.final
cdef class Program:
    """The operations of `steps`, tuples (verb, code), where the verb is "map" or "filter"."""

    def __cinit__(self, tuple steps):
        for verb, code in steps:
            for name, argument in code:
                add(self, name, argument)
            if verb == "map":
                self.machine.code.add_map()
            else:
                self.machine.code.add(Code.filter)


cdef object add(Program program, str name, object argument):
    """One operation by its name in the code and its argument."""
    if name == "item":
        program.machine.code.add(Code.item)
    elif name == "constant":
        program.machine.code.add_constant(<PyObject*>argument)
    elif name == "field":
        program.machine.code.add_field(<PyObject*>argument)
    elif name == "position":
        program.machine.code.add_element(Code.position, <PyObject*>argument, argument)
    elif name == "slice":
        program.machine.code.add_element(Code.part, <PyObject*>argument, 0)
    elif name == "attribute":
        program.machine.code.add_attribute(<PyObject*>argument, <PyObject*>TUPLE_GETTER)
    elif name == "branch":
        program.machine.code.add_branch(argument == "and")
    elif name == "join":
        program.machine.code.add_join()
    elif name == "is_in":
        program.machine.code.add_function(Code.membership, <PyObject*>argument, 1, 0)
    elif name == "unary":
        program.machine.code.add_operator(Code.unary, <Operator><int>UNARY[argument])
    elif name == "binary":
        add_binary(program, argument)
    elif name == "method":
        method, arguments = argument
        function = getattr(str, method)
        program.machine.code.add_function(
            Code.method, <PyObject*>function, 1 + arguments, DIRECTIONS.get(method, 0)
        )
    else:
        add_builtin(program, argument[0], argument[1])


cdef object add_binary(Program program, str operator):
    if operator in ARITHMETIC:
        program.machine.code.add_operator(Code.arithmetic, <Operator><int>ARITHMETIC[operator])
    elif operator in COMPARISON:
        program.machine.code.add_operator(Code.comparison, <Operator><int>COMPARISON[operator])
    elif operator in IDENTITY:
        program.machine.code.add_operator(Code.identity, <Operator><int>IDENTITY[operator])
    else:
        program.machine.code.add(Code.containment)


cdef object add_builtin(Program program, object function, int arguments):
    if function is len:
        program.machine.code.add(Code.length)
    elif function is abs:
        program.machine.code.add(Code.magnitude)
    else:
        program.machine.code.add_function(Code.call, <PyObject*>function, arguments, 0)
