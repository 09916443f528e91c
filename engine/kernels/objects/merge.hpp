// Sorted inputs into one, two neighbours at a time: what is merged are small codes of keys, or the keys themselves,
// and objects are only touched at the end, when it is known in which order.
#pragma once
#include <Python.h>

#include <algorithm>
#include <vector>

#include "order.hpp"
#include "plain.hpp"
#include "workspace.hpp"

namespace engine::objects {

// An error that Python code raised while two rows were compared; the one of the later input is named.
struct CompareError {
  size_t row;
};

// A key that has no code.
struct BareKey {
  PyObject* key;
  PyObject* item;
  size_t row;
};

// The order of `<`, with every NaN last; throws CompareError.
struct BareOrder {
  bool reverse;

  bool operator()(const BareKey& a, const BareKey& b) const { return reverse ? before(b, a) : before(a, b); }

 private:
  static bool before(const BareKey& a, const BareKey& b) {
    if (is_nan(b.key)) return !is_nan(a.key);
    if (is_nan(a.key)) return false;
    const int less = PyObject_RichCompareBool(a.key, b.key, Py_LT);
    if (less < 0) throw CompareError{std::max(a.row, b.row)};
    return less == 1;
  }
};

namespace merging {

// Stable. Where one side stands before the other it is copied; the rest is taken without a branch on the order.
template <class Code, class Order>
void merge_two(const Code* a, const Code* a_end, const Code* b, const Code* b_end, Code* out, const Order& before) {
  const Code* const front = std::upper_bound(a, a_end, *b, before);
  out = std::copy(a, front, out);
  a = front;
  if (a == a_end) {
    std::copy(b, b_end, out);
    return;
  }
  const Code* const back = std::lower_bound(b, b_end, a_end[-1], before);
  const Code* const tail = back;
  while (a != a_end && b != back) {
    const bool second = before(*b, *a);
    *out++ = *(second ? b : a);
    b += second;
    a += !second;
  }
  out = std::copy(a, a_end, out);
  out = std::copy(b, back, out);
  std::copy(tail, b_end, out);
}

// Merges neighbours so that both halves have about the same number of rows: a long input is copied few times.
template <class Code, class Order>
class Tournament {
 public:
  Tournament(Code* codes, Code* spare, const std::vector<size_t>& ends, const Order& before)
      : codes_(codes), spare_(spare), ends_(ends), before_(before) {}

  void run() {
    if (!ends_.empty()) merge_inputs(0, ends_.size(), false);
  }

 private:
  size_t begin(size_t input) const { return input == 0 ? 0 : ends_[input - 1]; }

  // Afterwards the inputs' rows stand merged in the one array or the other.
  void merge_inputs(size_t first, size_t last, bool in_spare) {
    const size_t low = begin(first);
    const size_t high = ends_[last - 1];
    if (last - first == 1) {
      if (in_spare) std::copy(codes_ + low, codes_ + high, spare_ + low);
      return;
    }
    const size_t half = middle(first, last);
    merge_inputs(first, half, !in_spare);
    merge_inputs(half, last, !in_spare);
    const Code* const from = in_spare ? codes_ : spare_;
    Code* const to = in_spare ? spare_ : codes_;
    merge_two(from + low, from + begin(half), from + begin(half), from + high, to + low, before_);
  }

  size_t middle(size_t first, size_t last) const {
    const size_t half = begin(first) + (ends_[last - 1] - begin(first)) / 2;
    const auto found = std::lower_bound(ends_.begin() + first, ends_.begin() + last, half);
    return std::clamp(static_cast<size_t>(found - ends_.begin()) + 1, first + 1, last - 1);
  }

  Code* codes_;
  Code* spare_;
  const std::vector<size_t>& ends_;
  const Order& before_;
};

}  // namespace merging

// All inputs, one after the other. Safety: who adds them keeps them alive and unchanged until the end.
class MergeInputs {
 public:
  void add(PyObject* const* items, PyObject* const* keys, Py_ssize_t count) {
    if (count == 0) return;
    size_ += static_cast<size_t>(count);
    spans_.push_back(Span{items, keys, static_cast<size_t>(count)});
    ends_.push_back(size_);
  }

  // A list of all items in order. NULL with an error of `<`, which arose at `*failed_row`. With `check`, NULL without
  // an error when an input is out of order: `*failed_row` is then the first row that stands after a greater one. With
  // `coded_only`, NULL without an error and with -1 there when keys would have to be compared: no Python code ran.
  PyObject* merged(bool reverse, bool check, bool coded_only, Py_ssize_t* failed_row) {
    Coder coder(reverse);
    for (bool known = coder.learn(spans_); known;) {
      PyObject* contradiction = nullptr;
      PyObject* const made = coder.coding() == Coding::long_text
                                 ? merge_codes<LongCode>(coder, check, failed_row, &contradiction)
                                 : merge_codes<ShortCode>(coder, check, failed_row, &contradiction);
      if (contradiction == nullptr) return made;
      known = coder.relearn(spans_, contradiction);
    }
    if (coded_only) return nullptr;
    try {
      return merge_keys(BareOrder{reverse}, check, failed_row);
    } catch (const CompareError& error) {
      *failed_row = static_cast<Py_ssize_t>(error.row);
      return nullptr;
    }
  }

 private:
  template <class Code>
  PyObject* merge_codes(const Coder& coder, bool check, Py_ssize_t* failed_row, PyObject** contradiction) {
    Workspace<Code> codes(size_);
    Code* next = codes.data();
    for (const Span& span : spans_) {
      *contradiction = encode_span(coder, span, next);
      if (*contradiction != nullptr) return nullptr;
      next += span.count;
    }
    return in_order(codes.data(), CodeOrder{coder}, check, failed_row);
  }

  PyObject* merge_keys(const BareOrder& before, bool check, Py_ssize_t* failed_row) {
    Workspace<BareKey> keys(size_);
    size_t row = 0;
    for (const Span& span : spans_) {
      for (size_t i = 0; i < span.count; ++i, ++row) keys.data()[row] = BareKey{span.keys[i], span.items[i], row};
    }
    return in_order(keys.data(), before, check, failed_row);
  }

  template <class Code, class Order>
  PyObject* in_order(Code* codes, const Order& before, bool check, Py_ssize_t* failed_row) {
    if (check && !is_sorted(codes, before, failed_row)) return nullptr;
    Workspace<Code> spare(size_);
    merging::Tournament<Code, Order>(codes, spare.data(), ends_, before).run();
    return list_items(codes, size_);
  }

  template <class Code, class Order>
  bool is_sorted(const Code* codes, const Order& before, Py_ssize_t* failed_row) const {
    size_t begin = 0;
    for (const size_t end : ends_) {
      for (size_t row = begin + 1; row < end; ++row) {
        *failed_row = static_cast<Py_ssize_t>(row);
        if (before(codes[row], codes[row - 1])) return false;
      }
      begin = end;
    }
    *failed_row = -1;
    return true;
  }

  std::vector<Span> spans_;
  std::vector<size_t> ends_;
  size_t size_ = 0;
};

}  // namespace engine::objects
