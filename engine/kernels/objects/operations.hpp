// The operations of a program, in the order of evaluation.
#pragma once
#include <Python.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "column.hpp"
#include "column_access.hpp"
#include "column_arithmetic.hpp"

namespace engine::objects {

enum class Code : uint8_t {
  item, constant, field, recalled, position, part, attribute, arithmetic, comparison, containment, identity, membership, unary,
  length, magnitude, call, method, branch, join, map, filter,
};

struct Operation {
  Code code;
  Operator operation = Operator::add;
  int operands = 0;
  int direction = 0;        // of a method: -1 startswith, 1 endswith
  Py_ssize_t position = 0;  // of an element; of the join that belongs to a branch
  int memory = -1;          // of a field that is read again: which column keeps it
  bool when = false;        // the truth of the left side for which a branch is taken
  Reference object;         // a field's name, a key, a set, a function
  std::optional<Field> field;
  std::optional<AttributeAccess> access;
  std::unique_ptr<Column> constant;
};

class Operations {
 public:
  bool owning = false;  // whether what is computed is held by references

  Operation& add(Code code) {
    operations_.emplace_back();
    operations_.back().code = code;
    return operations_.back();
  }

  void add_constant(PyObject* value) {
    Operation& operation = add(Code::constant);
    operation.object = Reference::sharing(value);
    operation.constant = std::make_unique<Column>();
    Column& column = *operation.constant;
    column.become(Form::objects);
    column.constant = true;
    column.objects[0] = value;
    if (PyBool_Check(value)) {
      column.form = Form::booleans;
      column.integers[0] = value == Py_True;
    } else if (PyFloat_CheckExact(value)) {
      column.form = Form::floats;
      column.floats[0] = PyFloat_AS_DOUBLE(value);
    } else if (int64_t number; read_int64(value, &number)) {
      column.form = Form::integers;
      column.integers[0] = number;
    }
  }

  // A field that an operation before it has read from the same items is not looked up again.
  void add_field(PyObject* name) {
    const bool of_item = branches_.empty() && operations_.back().code == Code::item;
    if (of_item) {
      for (const size_t at : read_) {
        if (!same_text(operations_[at].object.get(), name)) continue;
        if (operations_[at].memory < 0) operations_[at].memory = memories_++;
        const int memory = operations_[at].memory;
        add(Code::recalled).memory = memory;
        return;
      }
      read_.push_back(operations_.size());
    }
    Operation& operation = add(Code::field);
    operation.object = Reference::sharing(name);
    operation.field.emplace(name);
  }

  void add_map() {
    read_.clear();
    add(Code::map);
  }

  void add_element(Code code, PyObject* key, Py_ssize_t position) {
    Operation& operation = add(code);
    operation.object = Reference::sharing(key);
    operation.position = position;
  }

  // An attribute is the one thing that may, by a class made to mislead, run code after all: such a program owns all
  // that it holds.
  void add_attribute(PyObject* name, PyObject* tuple_getter) {
    Operation& operation = add(Code::attribute);
    operation.object = Reference::sharing(name);
    operation.access.emplace(name, reinterpret_cast<PyTypeObject*>(tuple_getter));
    owning = true;
  }

  void add_operator(Code code, Operator operation) { add(code).operation = operation; }

  void add_function(Code code, PyObject* function, int operands, int direction) {
    Operation& operation = add(code);
    operation.object = Reference::sharing(function);
    operation.operands = operands;
    operation.direction = direction;
  }

  void add_branch(bool when) {
    branches_.push_back(operations_.size());
    add(Code::branch).when = when;
  }

  void add_join() {
    operations_[branches_.back()].position = static_cast<Py_ssize_t>(operations_.size());
    branches_.pop_back();
    add(Code::join);
  }

  size_t size() const { return operations_.size(); }
  int memories() const { return memories_; }
  Operation& operator[](size_t at) { return operations_[at]; }

 private:
  std::vector<Operation> operations_;
  std::vector<size_t> branches_;  // those still open
  std::vector<size_t> read_;      // the fields read from the items as they are now, outside of branches
  int memories_ = 0;
};

}  // namespace engine::objects
