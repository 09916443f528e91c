// A sum as `total = total + value` makes it from 0, without an object for each step.
#pragma once
#include <Python.h>

#include <cstdint>

#include "plain.hpp"
#include "references.hpp"

namespace engine::objects {

// Thrown when a Python error is set; Cython's `except +*` passes that error on.
struct Raised {};

inline Reference checked(PyObject* made) {
  if (made == nullptr) throw Raised();
  return Reference::owning(made);
}
inline void check(int status) {
  if (status < 0) throw Raised();
}

class Sum {
 public:
  // Whether the value is a number that is added without running Python code and without fail: an exact float, or an
  // int of 64 bits. A bool counts as its int.
  static bool is_quiet(PyObject* value) {
    int64_t number;
    return PyFloat_CheckExact(value) || PyBool_Check(value) || read_int64(value, &number);
  }

  // Whether the sum so far is such a number, or an int of more bits.
  bool is_quiet() const { return kind_ != Kind::object; }

  // Safety: both are quiet. 2**64 ints of 64 bits do not overflow 128.
  void add_quietly(PyObject* value) {
    int64_t number;
    if (PyFloat_CheckExact(value)) {
      add_real(PyFloat_AS_DOUBLE(value));
    } else if (read_int64(value, &number)) {
      add_whole(number);
    } else {
      add_whole(value == Py_True);
    }
  }

  void add(PyObject* value) {
    if (is_quiet() && is_quiet(value)) return add_quietly(value);
    const Reference before = boxed();
    set(checked(PyNumber_Add(before.get(), value)));
  }

  Reference boxed() const {
    if (kind_ == Kind::object) return Reference::sharing(object_.get());
    return kind_ == Kind::real ? checked(PyFloat_FromDouble(real_)) : boxed_whole();
  }

 private:
  __extension__ typedef __int128 Wide;
  enum class Kind : uint8_t { whole, real, object };

  void add_whole(int64_t number) {
    if (kind_ == Kind::whole) {
      whole_ += number;
    } else {
      real_ += static_cast<double>(number);
    }
  }

  void add_real(double number) {
    real_ = (kind_ == Kind::real ? real_ : static_cast<double>(whole_)) + number;
    kind_ = Kind::real;
  }

  // What `+` gave is a number again or stays the object it is.
  void set(Reference total) {
    int64_t number;
    if (PyFloat_CheckExact(total.get())) {
      real_ = PyFloat_AS_DOUBLE(total.get());
      kind_ = Kind::real;
    } else if (read_int64(total.get(), &number)) {
      whole_ = number;
      kind_ = Kind::whole;
    } else {
      object_ = std::move(total);
      kind_ = Kind::object;
      return;
    }
    object_ = Reference();
  }

  Reference boxed_whole() const {
    if (whole_ == static_cast<int64_t>(whole_)) return checked(PyLong_FromLongLong(static_cast<int64_t>(whole_)));
    const Reference high = checked(PyLong_FromLongLong(static_cast<int64_t>(whole_ >> 64)));
    const Reference low = checked(PyLong_FromUnsignedLongLong(static_cast<uint64_t>(whole_)));
    const Reference bits = checked(PyLong_FromLong(64));
    const Reference shifted = checked(PyNumber_Lshift(high.get(), bits.get()));
    return checked(PyNumber_Or(shifted.get(), low.get()));
  }

  Wide whole_ = 0;
  double real_ = 0;
  Reference object_;
  Kind kind_ = Kind::whole;
};

}  // namespace engine::objects
