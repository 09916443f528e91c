// Reading parts of values: fields, positions, attributes, lengths. Only what the interpreter itself reads; where a
// class of the user has a say, the functions give false.
#pragma once
#include <Python.h>
#include <structmember.h>

#include "column.hpp"
#include "gather.hpp"
#include "records.hpp"

namespace engine::objects {

// Where the entries of a small dict begin behind its keys, and how far they are apart, since Python 3.11. Only for
// prefetching: elsewhere it costs time, not truth.
inline constexpr Py_ssize_t first_entry = 40;
inline constexpr Py_ssize_t entry_size = 16;
// For records that have been read before.
inline constexpr int entry_ahead = 6;

// How the objects of a column are held by what is read from them.
enum class Holding : bool { borrowed, owned };

// Small objects often begin at the end of one cache line: the type stands in it, the value in the next.
inline void prefetch_value(PyObject* value) {
  __builtin_prefetch(value);
  __builtin_prefetch(reinterpret_cast<char*>(value) + 31);
}

// Fills `result` with what `read(i)` gives, a borrowed object or NULL; false at the first NULL. What is borrowed is
// held by the record it stands in; what comes from an object that only this program holds has to be owned.
template <class Read>
bool fill_read(Column* result, int count, Holding holding, Read&& read) {
  result->become(Form::objects);
  for (int i = 0; i < count; ++i) {
    PyObject* const found = read(i);
    if (found == nullptr) return false;
    prefetch_value(found);
    result->objects[i] = found;
    if (holding == Holding::owned) {
      Py_INCREF(found);
      result->own(i + 1);
    }
  }
  return true;
}

// Asks for what a look at a field reads, if it stands where the last one stood. Fewer lines are faster than all that
// the keys have: only so many can be on their way.
inline void prefetch_entry(PyObject* record, Py_ssize_t slot) {
  if (!PyDict_CheckExact(record)) return;
  const auto* keys = reinterpret_cast<const char*>(reinterpret_cast<PyDictObject*>(record)->ma_keys);
  __builtin_prefetch(keys);
  __builtin_prefetch(keys + 31);
  __builtin_prefetch(keys + first_entry + entry_size * slot);
}

// `following` are the items in the list from the first of this block on, when nothing has read them yet: memory is
// asked for ahead of them, also beyond the block.
inline bool apply_field(const Column& of, Field* field, int count, Holding holding, PyObject* const* following,
                        Py_ssize_t left, Column* result) {
  if (of.form != Form::objects || of.constant) return false;
  const auto find = [&](int i) {
    PyObject* const record = of.objects[i];
    return PyDict_CheckExact(record) ? field->find(record) : nullptr;
  };
  if (following != nullptr) {
    return fill_read(result, count, holding, [&](int i) {
      if (i + record_ahead < left) prefetch_record(following[i + record_ahead]);
      if (i + fields_ahead < left) prefetch_entry(following[i + fields_ahead], field->slot());
      return find(i);
    });
  }
  return fill_read(result, count, holding, [&](int i) {
    if (i + entry_ahead < count) prefetch_entry(of.objects[i + entry_ahead], field->slot());
    return find(i);
  });
}

inline bool is_read_as_tuple(PyTypeObject* type) {
  return type == &PyTuple_Type ||
         (PyType_HasFeature(type, Py_TPFLAGS_TUPLE_SUBCLASS) && type->tp_as_mapping != nullptr &&
          type->tp_as_mapping->mp_subscript == PyTuple_Type.tp_as_mapping->mp_subscript);
}

inline PyObject* item_at(PyObject* record, Py_ssize_t position) {
  Py_ssize_t size;
  PyObject* const* items;
  if (PyList_CheckExact(record)) {
    size = PyList_GET_SIZE(record);
    items = reinterpret_cast<PyListObject*>(record)->ob_item;
  } else if (is_read_as_tuple(Py_TYPE(record))) {
    size = PyTuple_GET_SIZE(record);
    items = reinterpret_cast<PyTupleObject*>(record)->ob_item;
  } else {
    return nullptr;
  }
  const Py_ssize_t i = position < 0 ? position + size : position;
  return i >= 0 && i < size ? items[i] : nullptr;
}

// A position or a slice of a text makes a new one.
inline bool apply_part(const Column& of, PyObject* key, int count, Column* result) {
  if (of.form != Form::objects) return false;
  return fill_objects(result, count, [&](int i) -> PyObject* {
    PyObject* const text = of.objects[of.at(i)];
    return PyUnicode_CheckExact(text) ? PyObject_GetItem(text, key) : nullptr;
  });
}

inline bool apply_position(const Column& of, PyObject* key, Py_ssize_t position, int count, Holding holding,
                           PyObject* const* following, Py_ssize_t left, Column* result) {
  if (of.form != Form::objects) return false;
  if (count > 0 && PyUnicode_CheckExact(of.objects[0])) return apply_part(of, key, count, result);
  return fill_read(result, count, holding, [&](int i) {
    if (following != nullptr && i + record_ahead < left) prefetch_record(following[i + record_ahead]);
    return item_at(of.objects[of.at(i)], position);
  });
}

// How instances of one class have an attribute; asked once for each class and block, as classes may change between.
class AttributeAccess {
 public:
  AttributeAccess(PyObject* name, PyTypeObject* tuple_getter) : name_(name), tuple_getter_(tuple_getter) {}

  void forget() { type_ = nullptr; }

  // A new reference, or NULL when code of the user would be asked or there is none.
  PyObject* read(PyObject* object) {
    if (Py_TYPE(object) != type_) learn(Py_TYPE(object));
    if (!pure_) return nullptr;
    if (offset_ < 0) return PyObject_GenericGetAttr(object, name_);
    PyObject* const found = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + offset_);
    Py_XINCREF(found);
    return found;
  }

 private:
  // What T_OBJECT_EX is called since Python 3.12; the number is part of the stable interface.
  static constexpr int object_member = 16;

  void learn(PyTypeObject* type) {
    type_ = type;
    offset_ = -1;
    pure_ = false;
    if (type->tp_getattro != PyObject_GenericGetAttr) return;
    PyObject* const found = _PyType_Lookup(type, name_);
    if (found == nullptr || Py_TYPE(found)->tp_descr_get == nullptr || Py_TYPE(found) == tuple_getter_) {
      pure_ = true;
    } else if (Py_TYPE(found) == &PyMemberDescr_Type) {
      pure_ = true;
      const PyMemberDef* const member = reinterpret_cast<PyMemberDescrObject*>(found)->d_member;
      if (member->type == object_member) offset_ = member->offset;
    }
  }

  PyObject* name_;
  PyTypeObject* tuple_getter_;
  PyTypeObject* type_ = nullptr;  // only compared: the class lives as long as the object at hand
  Py_ssize_t offset_ = -1;        // of a slot that holds an object
  bool pure_ = false;
};

inline bool apply_attribute(const Column& of, AttributeAccess* access, int count, PyObject* const* following,
                            Py_ssize_t left, Column* result) {
  if (of.form != Form::objects) return false;
  access->forget();
  return fill_objects(result, count, [&](int i) {
    if (following != nullptr && i + record_ahead < left) prefetch_record(following[i + record_ahead]);
    return access->read(of.objects[of.at(i)]);
  });
}

inline Py_ssize_t length_of(PyObject* object) {
  if (PyUnicode_CheckExact(object)) return PyUnicode_GET_LENGTH(object);
  if (PyDict_CheckExact(object)) return PyDict_GET_SIZE(object);
  if (PyList_CheckExact(object)) return PyList_GET_SIZE(object);
  if (PyTuple_CheckExact(object)) return PyTuple_GET_SIZE(object);
  if (PyBytes_CheckExact(object)) return PyBytes_GET_SIZE(object);
  return PyAnySet_CheckExact(object) ? PySet_GET_SIZE(object) : -1;
}

inline bool apply_length(const Column& of, int count, Column* result) {
  if (of.form != Form::objects) return false;
  result->become(Form::integers);
  for (int i = 0; i < count; ++i) {
    result->integers[i] = length_of(of.objects[of.at(i)]);
    if (result->integers[i] < 0) return false;
  }
  return true;
}

}  // namespace engine::objects
