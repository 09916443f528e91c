// Owning references to Python objects, so that no path out of a function forgets one.
#pragma once
#include <Python.h>

#include <utility>

namespace engine::objects {

class Reference {
 public:
  Reference() = default;
  Reference(Reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Reference& operator=(Reference&& other) noexcept {
    if (this != &other) {
      PyObject* const old = std::exchange(object_, std::exchange(other.object_, nullptr));
      Py_XDECREF(old);
    }
    return *this;
  }
  ~Reference() { Py_XDECREF(object_); }

  // Takes over a new reference, as API calls return it; NULL is allowed.
  static Reference owning(PyObject* object) { return Reference(object); }
  // Shares a borrowed one.
  static Reference sharing(PyObject* object) {
    Py_XINCREF(object);
    return Reference(object);
  }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit Reference(PyObject* object) : object_(object) {}
  PyObject* object_ = nullptr;
};

}  // namespace engine::objects
