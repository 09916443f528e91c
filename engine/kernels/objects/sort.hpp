// A stable sort by the codes of keys: few runs are merged, and otherwise codes are dealt out byte by byte.
#pragma once
#include <Python.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "merge.hpp"
#include "order.hpp"
#include "workspace.hpp"

namespace engine::objects {

namespace sorting {

// Below, a merge sort is faster than counting bytes.
inline constexpr size_t few_codes = 512;
// Merging costs a pass for each doubling of the runs, dealing one for each byte that differs.
inline constexpr size_t few_runs = 32;

inline uint64_t word_of(const ShortCode& code) { return code.order; }
inline uint64_t word_of(const LongCode& code) { return code.high; }

// Where the ascending runs end, or nothing when they are not few.
template <class Code, class Order>
std::vector<size_t> find_runs(const Code* codes, size_t count, const Order& before) {
  std::vector<size_t> ends;
  for (size_t i = 1; i < count; ++i) {
    if (!before(codes[i], codes[i - 1])) continue;
    if (ends.size() + 1 == few_runs) return {};
    ends.push_back(i);
  }
  ends.push_back(count);
  return ends;
}

// By the first word, the last byte first; a byte that is the same everywhere is left out.
template <class Code>
void deal(Code* codes, Code* spare, size_t count) {
  std::vector<size_t> counts(8 * 256);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t word = word_of(codes[i]);
    for (int byte = 0; byte < 8; ++byte) ++counts[256 * byte + ((word >> (8 * byte)) & 0xff)];
  }
  Code* from = codes;
  Code* to = spare;
  for (int byte = 0; byte < 8; ++byte) {
    size_t* const next = &counts[256 * byte];
    if (next[(word_of(from[0]) >> (8 * byte)) & 0xff] == count) continue;
    size_t begin = 0;
    for (int value = 0; value < 256; ++value) begin += std::exchange(next[value], begin);
    for (size_t i = 0; i < count; ++i) to[next[(word_of(from[i]) >> (8 * byte)) & 0xff]++] = from[i];
    std::swap(from, to);
  }
  if (from != codes) std::copy(from, from + count, codes);
}

inline void settle_ties(ShortCode*, size_t, const CodeOrder&) {}

// Those that the first word does not tell apart stand together now.
inline void settle_ties(LongCode* codes, size_t count, const CodeOrder& before) {
  for (size_t begin = 0, end = 1; begin < count; begin = end++) {
    while (end < count && codes[end].high == codes[begin].high) ++end;
    if (end - begin > 1) std::stable_sort(codes + begin, codes + end, before);
  }
}

template <class Code>
void sort_codes(Code* codes, size_t count, const CodeOrder& before) {
  if (count < few_codes) return std::stable_sort(codes, codes + count, before);
  const std::vector<size_t> ends = find_runs(codes, count, before);
  if (ends.size() == 1) return;
  Workspace<Code> spare(count);
  if (!ends.empty()) return merging::Tournament<Code, CodeOrder>(codes, spare.data(), ends, before).run();
  deal(codes, spare.data(), count);
  settle_ties(codes, count, before);
}

template <class Code>
PyObject* sort_span(const Coder& coder, const Span& span, PyObject** contradiction) {
  Workspace<Code> codes(span.count);
  *contradiction = encode_span(coder, span, codes.data());
  if (*contradiction != nullptr) return nullptr;
  sort_codes(codes.data(), span.count, CodeOrder{coder});
  return list_items(codes.data(), span.count);
}

}  // namespace sorting

// A list of the items in the order of their keys; equal ones keep theirs. NULL without an error when the keys have no
// codes. Runs no Python code.
inline PyObject* sort_items(PyObject* const* items, PyObject* const* keys, Py_ssize_t count, bool reverse) {
  const std::vector<Span> spans{Span{items, keys, static_cast<size_t>(count)}};
  Coder coder(reverse);
  for (bool known = coder.learn(spans); known;) {
    PyObject* contradiction = nullptr;
    PyObject* const made = coder.coding() == Coding::long_text
                               ? sorting::sort_span<LongCode>(coder, spans[0], &contradiction)
                               : sorting::sort_span<ShortCode>(coder, spans[0], &contradiction);
    if (contradiction == nullptr) return made;
    known = coder.relearn(spans, contradiction);
  }
  return nullptr;
}

}  // namespace engine::objects
