// What a step does with one item, and the loop over the steps that do no more than that.
#pragma once
#include <Python.h>

#include <algorithm>

#include "gauges.hpp"
#include "plain.hpp"
#include "records.hpp"
#include "references.hpp"

namespace engine::objects {

enum Access { CALL, FIELD, POSITION, STAR, ITEM };

// What a step's function, field name or position makes of an item: a new reference, or NULL with an error.
inline PyObject* access(Access how, PyObject* function, PyObject* item) {
  if (how == CALL) return PyObject_CallOneArg(function, item);
  switch (how) {
    case ITEM:
      return Py_NewRef(item);
    case STAR: {
      const Reference arguments = Reference::owning(PySequence_Tuple(item));
      return arguments ? PyObject_CallObject(function, arguments.get()) : nullptr;
    }
    case FIELD:
      if (PyDict_CheckExact(item)) {
        PyObject* const found = PyDict_GetItemWithError(item, function);
        if (found == nullptr && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, function);
        return Py_XNewRef(found);
      }
      [[fallthrough]];
    default:
      return PyObject_GetItem(item, function);
  }
}

// Whether an answer, which is taken over, is true: 1 or 0, or -1 with an error.
inline int truth_of(PyObject* answer) {
  if (answer == Py_True || answer == Py_False) {
    const int truth = answer == Py_True;
    Py_DECREF(answer);
    return truth;
  }
  if (answer == nullptr) return -1;
  const int truth = PyObject_IsTrue(answer);
  Py_DECREF(answer);
  return truth;
}

inline int access_truth(Access how, PyObject* function, PyObject* item) {
  return truth_of(access(how, function, item));
}

enum Code {
  MAP,
  FILTER,
  FILTER_MAP,
  TRY_MAP,
  FLAT_MAP,
  PRODUCT,
  INSPECT,
  ENUMERATE,
  TAKE,
  SKIP,
  TAKE_WHILE,
  SKIP_WHILE,
  SCAN,
  WINDOWS,
  CHUNKS,
  ZIP,
  CONCAT,
  PROGRESS,
};

struct Op {
  Code code;
  Access how;
  PyObject* function;   // the callable, field name or position; borrowed
  Py_ssize_t count;     // of items still to take or skip; the size of windows and chunks
  vectorcallfunc call;  // of the callable, looked up once; NULL when it has none
};

// What a step makes of an item: a new reference, or NULL with an error.
inline PyObject* made_by(const Op& op, PyObject* item) {
  if (op.call == nullptr) return access(op.how, op.function, item);
  PyObject* arguments[2] = {nullptr, item};
  PyObject* const made = op.call(op.function, arguments + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  if (made == nullptr && !PyErr_Occurred()) PyErr_SetString(PyExc_SystemError, "a function failed without an error");
  return made;
}

// Where items come from and how far the one on its way has come. Nothing here is owned but the item.
struct Belt {
  const Op* ops;
  Py_ssize_t length;
  PyObject* listed;    // the source when it is a list, read in place
  PyObject* iterator;  // else
  Py_ssize_t index;    // of the item last read
  Py_ssize_t at;       // the step it stands before; -1: the source
  Gauge* gauges;       // NULL: the run is not measured
  PyObject* item;      // NULL: none is on its way. After an error, what the failing step was given
};

enum Passage { ARRIVED, DROPPED, ENDED, FAILED };

// The next item of the source: ARRIVED, ENDED or FAILED.
inline Passage read(Belt& belt) {
  belt.at = -1;
  if (belt.listed != nullptr) {
    const Py_ssize_t next = belt.index + 1;
    // Safety: the bounds are those of the very list now, and the item is shared at once.
    if (next >= PyList_GET_SIZE(belt.listed)) return ENDED;
    belt.item = Py_NewRef(PyList_GET_ITEM(belt.listed, next));
    prefetch_ahead(reinterpret_cast<PyListObject*>(belt.listed)->ob_item, next, PyList_GET_SIZE(belt.listed));
  } else {
    belt.item = Py_TYPE(belt.iterator)->tp_iternext(belt.iterator);
    if (belt.item == nullptr) {
      if (!PyErr_Occurred()) return ENDED;
      if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return FAILED;
      PyErr_Clear();
      return ENDED;
    }
  }
  ++belt.index;
  belt.at = 0;
  return ARRIVED;
}

// Takes the item through the maps and filters that follow each other: ARRIVED before another kind of step or behind
// the last one, DROPPED by a filter, or FAILED.
inline Passage pass_some(Belt& belt) {
  const Op* op = belt.ops + belt.at;
  const Op* const end = belt.ops + belt.length;
  PyObject* item = belt.item;
  Passage passage = ARRIVED;
  for (; op != end; ++op) {
    if (op->code == MAP) {
      PyObject* const made = made_by(*op, item);
      if (made == nullptr) {
        passage = FAILED;
        break;
      }
      Py_DECREF(item);
      item = made;
    } else if (op->code == FILTER) {
      const int truth = truth_of(made_by(*op, item));
      if (truth <= 0) {
        passage = truth < 0 ? FAILED : DROPPED;
        break;
      }
    } else {
      break;
    }
  }
  belt.at = op - belt.ops;
  belt.item = item;
  return passage;
}

// The same in a measured run: each step counts what came to it.
inline Passage pass_counted(Belt& belt) {
  const Py_ssize_t length = belt.length;
  Passage passage = ARRIVED;
  while (passage == ARRIVED && belt.at < length && belt.ops[belt.at].code <= FILTER) {
    Gauge& gauge = belt.gauges[belt.at];
    const int64_t began = is_timed(belt.index) ? nanoseconds_now() : 0;
    belt.length = belt.at + 1;
    passage = pass_some(belt);
    ++gauge.came;
    if (began != 0) gauge.add(belt.index, began);
  }
  belt.length = length;
  return passage;
}

inline Passage pass_through(Belt& belt) { return belt.gauges == nullptr ? pass_some(belt) : pass_counted(belt); }

// The next item that gets through the first maps and filters: as above, or ENDED when the source has no more.
inline Passage pull_through(Belt& belt) {
  for (;;) {
    Passage passage = read(belt);
    if (passage == ARRIVED) passage = pass_through(belt);
    if (passage != DROPPED) return passage;
    Py_CLEAR(belt.item);
  }
}

// Takes over the item when it succeeds. A list has room in most cases: a call costs more than the store.
inline int append(PyObject* list, PyObject* item) {
  auto* const into = reinterpret_cast<PyListObject*>(list);
  const Py_ssize_t size = Py_SIZE(into);
  if (size < into->allocated) {
    PyList_SET_ITEM(list, size, item);
    Py_SET_SIZE(into, size + 1);
    return 0;
  }
  if (PyList_Append(list, item) < 0) return -1;
  Py_DECREF(item);
  return 0;
}

// All that gets through, appended to a list: ENDED, or FAILED. Only for steps that are maps and filters.
inline Passage drain_through(Belt& belt, PyObject* gathered) {
  for (;;) {
    const Passage passage = pull_through(belt);
    if (passage != ARRIVED) return passage;
    if (append(gathered, belt.item) < 0) return FAILED;
    belt.item = nullptr;
    if (belt.gauges != nullptr) ++belt.gauges[belt.length].came;
  }
}

// Says when about so long has been spent on items. The clock is read where they may be over if all are alike, and
// where there are four times as many as before: one reading costs as much as a short call.
class Watch {
 public:
  Watch() = default;
  Watch(double seconds, Py_ssize_t read) : length_ns_(seconds * 1e9), first_(read), next_(read + 1) {}

  bool is_over(Py_ssize_t read) { return read >= next_ && looks(read); }

 private:
  bool looks(Py_ssize_t read) {
    const double spent_ns = static_cast<double>(nanoseconds_now() - began_ns_);
    if (spent_ns >= length_ns_) return true;
    const double count = static_cast<double>(read - first_);
    next_ = read + static_cast<Py_ssize_t>(count * std::min(3.0, length_ns_ / std::max(1.0, spent_ns) - 1)) + 1;
    return false;
  }

  double length_ns_ = 0;
  Py_ssize_t first_ = 0, next_ = 0;
  int64_t began_ns_ = nanoseconds_now();
};

// As drain_through, and ARRIVED, with nothing on its way, when the watch is over.
inline Passage drain_through(Belt& belt, PyObject* gathered, Watch& watch) {
  for (;;) {
    Passage passage = read(belt);
    if (passage == ARRIVED) passage = pass_through(belt);
    if (passage == DROPPED)
      Py_CLEAR(belt.item);
    else if (passage != ARRIVED)
      return passage;
    else if (append(gathered, belt.item) < 0)
      return FAILED;
    belt.item = nullptr;
    if (watch.is_over(belt.index + 1)) return ARRIVED;
  }
}

// Adds whole numbers that get through while 64 bits hold the sum: ARRIVED with the first item that is to be added
// otherwise, ENDED, or FAILED. Only for steps that are maps and filters.
inline Passage add_through(Belt& belt, int64_t* total) {
  for (;;) {
    const Passage passage = pull_through(belt);
    if (passage != ARRIVED) return passage;
    int64_t number;
    if (!read_int64(belt.item, &number) || !add_exactly(*total, number, total)) return ARRIVED;
    Py_CLEAR(belt.item);
    if (belt.gauges != nullptr) ++belt.gauges[belt.length].came;
  }
}

}  // namespace engine::objects
