// Aggregates: one column for each that is asked for, with a cell for each group.
#pragma once
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "plain.hpp"
#include "references.hpp"
#include "sum.hpp"

namespace engine::objects {

// Values come one at a time, in order, and adding one may then run Python code and throw; or many at once with the
// numbers of their groups, when all are quiet: adding them neither runs Python code nor fails but for want of memory.
class Column {
 public:
  virtual ~Column() = default;
  virtual void open_group() = 0;
  virtual void add(size_t group, PyObject* value) = 0;
  virtual Reference result(size_t group) const = 0;
  virtual void clear() = 0;

  // Whether it looks at values at all.
  virtual bool reads() const { return true; }
  virtual bool is_quiet(PyObject* const*, Py_ssize_t) const { return true; }
  virtual void add_quietly(const uint32_t* groups, PyObject* const* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) add(groups[i], values[i]);
  }
};

template <class Cell>
class CellColumn : public Column {
 public:
  void open_group() override { cells_.emplace_back(); }
  void clear() override { cells_.clear(); }

 protected:
  std::vector<Cell> cells_;
};

class CountColumn final : public CellColumn<int64_t> {
 public:
  bool reads() const override { return false; }
  void add(size_t group, PyObject*) override { ++cells_[group]; }
  void add_quietly(const uint32_t* groups, PyObject* const*, Py_ssize_t count) override {
    for (Py_ssize_t i = 0; i < count; ++i) ++cells_[groups[i]];
  }
  Reference result(size_t group) const override { return checked(PyLong_FromLongLong(cells_[group])); }
};

class SumColumn : public CellColumn<Sum> {
 public:
  void add(size_t group, PyObject* value) override {
    cells_[group].add(value);
    quiet_ = quiet_ && cells_[group].is_quiet();
  }
  bool is_quiet(PyObject* const* values, Py_ssize_t count) const override {
    return quiet_ && std::all_of(values, values + count, [](PyObject* value) { return Sum::is_quiet(value); });
  }
  void add_quietly(const uint32_t* groups, PyObject* const* values, Py_ssize_t count) override {
    for (Py_ssize_t i = 0; i < count; ++i) cells_[groups[i]].add_quietly(values[i]);
  }
  void clear() override {
    CellColumn<Sum>::clear();
    quiet_ = true;
  }
  Reference result(size_t group) const override { return cells_[group].boxed(); }

 private:
  bool quiet_ = true;  // no cell holds an object that `+` would ask
};

class MeanColumn final : public SumColumn {
 public:
  void open_group() override {
    SumColumn::open_group();
    counts_.push_back(0);
  }
  void add(size_t group, PyObject* value) override {
    SumColumn::add(group, value);
    ++counts_[group];
  }
  void add_quietly(const uint32_t* groups, PyObject* const* values, Py_ssize_t count) override {
    SumColumn::add_quietly(groups, values, count);
    for (Py_ssize_t i = 0; i < count; ++i) ++counts_[groups[i]];
  }
  void clear() override {
    SumColumn::clear();
    counts_.clear();
  }
  Reference result(size_t group) const override {
    const Reference sum = SumColumn::result(group);
    const Reference count = checked(PyLong_FromLongLong(counts_[group]));
    return checked(PyNumber_TrueDivide(sum.get(), count.get()));
  }

 private:
  std::vector<int64_t> counts_;
};

// The least or greatest value; of equals, and of those that do not compare, the first.
class ExtremeColumn final : public CellColumn<Reference> {
 public:
  explicit ExtremeColumn(int better) : better_(better) {}

  void add(size_t group, PyObject* value) override {
    note(family_of(value));
    Reference& best = cells_[group];
    const int better = best ? compare(value, best.get()) : 1;
    check(better);
    if (better == 1) best = Reference::sharing(value);
  }
  bool is_quiet(PyObject* const* values, Py_ssize_t count) const override {
    const Family family = family_of(values[0]);
    if (family == Family::other || (family_ != Family::unknown && family_ != family)) return false;
    return std::all_of(values, values + count, [family](PyObject* value) { return family_of(value) == family; });
  }
  void clear() override {
    CellColumn<Reference>::clear();
    family_ = Family::unknown;
  }
  Reference result(size_t group) const override { return Reference::sharing(cells_[group].get()); }

 private:
  // Values of one family compare without running Python code and without fail.
  enum class Family { unknown, number, text, other };

  static Family family_of(PyObject* value) {
    if (PyLong_CheckExact(value) || PyFloat_CheckExact(value) || PyBool_Check(value)) return Family::number;
    return PyUnicode_CheckExact(value) ? Family::text : Family::other;
  }

  void note(Family family) { family_ = family_ == Family::unknown || family_ == family ? family : Family::other; }

  int compare(PyObject* value, PyObject* best) const {
    int64_t x, y;
    if (read_compact(value, &x) && read_compact(best, &y)) return better_ == Py_LT ? x < y : x > y;
    if (PyFloat_CheckExact(value) && PyFloat_CheckExact(best)) {
      const double a = PyFloat_AS_DOUBLE(value), b = PyFloat_AS_DOUBLE(best);
      return better_ == Py_LT ? a < b : a > b;
    }
    return PyObject_RichCompareBool(value, best, better_);
  }

  int better_;
  Family family_ = Family::unknown;
};

class FirstColumn final : public CellColumn<Reference> {
 public:
  void add(size_t group, PyObject* value) override {
    if (!cells_[group]) cells_[group] = Reference::sharing(value);
  }
  Reference result(size_t group) const override { return Reference::sharing(cells_[group].get()); }
};

class LastColumn final : public CellColumn<Reference> {
 public:
  void add(size_t group, PyObject* value) override { cells_[group] = Reference::sharing(value); }
  Reference result(size_t group) const override { return Reference::sharing(cells_[group].get()); }
};

class ListColumn final : public CellColumn<Reference> {
 public:
  void open_group() override { cells_.push_back(checked(PyList_New(0))); }
  void add(size_t group, PyObject* value) override { check(PyList_Append(cells_[group].get(), value)); }
  Reference result(size_t group) const override { return Reference::sharing(cells_[group].get()); }
};

class SetColumn final : public CellColumn<Reference> {
 public:
  void open_group() override { cells_.push_back(checked(PySet_New(nullptr))); }
  void add(size_t group, PyObject* value) override { check(PySet_Add(cells_[group].get(), value)); }
  bool is_quiet(PyObject* const* values, Py_ssize_t count) const override {
    // A NaN has to be made the one that stands for all.
    return std::all_of(values, values + count, [](PyObject* one) { return is_plain_scalar(one) && !is_nan(one); });
  }
  Reference result(size_t group) const override { return Reference::sharing(cells_[group].get()); }
};

enum class How { count, sum, mean, minimum, maximum, first, last, list, set };

inline std::unique_ptr<Column> column_of(How how) {
  switch (how) {
    case How::count: return std::make_unique<CountColumn>();
    case How::sum: return std::make_unique<SumColumn>();
    case How::mean: return std::make_unique<MeanColumn>();
    case How::minimum: return std::make_unique<ExtremeColumn>(Py_LT);
    case How::maximum: return std::make_unique<ExtremeColumn>(Py_GT);
    case How::first: return std::make_unique<FirstColumn>();
    case How::last: return std::make_unique<LastColumn>();
    case How::list: return std::make_unique<ListColumn>();
    case How::set: break;
  }
  return std::make_unique<SetColumn>();
}

}  // namespace engine::objects
