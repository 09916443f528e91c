// Texts as keys: numbered in the order in which they are first seen, looked up, sorted, and their runs.
#pragma once
#include <vector>

#include "strings.hpp"

namespace engine {

// Two words at a time into one wide product, whose halves are brought together. The seed is the process's own.
inline uint64_t mixed(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// The first bytes of a text as a number that orders as they do; zeros where it is shorter.
inline uint64_t prefix_of(Text text) {
  uint64_t word = 0;
  if (text.size() >= 8) {
    word = load_word(text.begin);
  } else {
    for (int64_t i = 0; i < text.size(); ++i) word |= uint64_t{text.begin[i]} << (8 * i);
  }
  return __builtin_bswap64(word);
}

inline uint64_t hash_of(Text text, uint64_t seed) {
  constexpr uint64_t odd = 0x9e3779b97f4a7c15u;
  uint64_t hash = seed ^ static_cast<uint64_t>(text.size()) * odd;
  for (; text.size() > 16; text.begin += 16)
    hash = mixed(load_word(text.begin) ^ odd, load_word(text.begin + 8) ^ hash);
  const Text rest{std::min(text.end, text.begin + 8), text.end};
  return mixed(mixed(prefix_of({text.begin, rest.begin}) ^ odd, prefix_of(rest) ^ hash), odd ^ seed);
}

// Distinct texts and their numbers. Open addressing, at most half full.
class TextTable {
 public:
  struct Slot {
    uint64_t hash;
    Text text;
    int64_t number;  // -1: empty
  };

  TextTable() : slots_(size_t{1} << bits_, empty) {}

  void prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[hash >> (64 - bits_)]); }

  int64_t find(uint64_t hash, Text text) const { return slots_[locate(hash, text)].number; }

  // The number of a text; `next` if it is new.
  int64_t number(uint64_t hash, Text text, int64_t next) {
    Slot& slot = slots_[locate(hash, text)];
    if (slot.number >= 0) return slot.number;
    slot = {hash, text, next};
    if (2 * (next + 1) > static_cast<int64_t>(slots_.size())) grow();
    return next;
  }

 private:
  static constexpr Slot empty{0, {nullptr, nullptr}, -1};

  size_t locate(uint64_t hash, Text text) const {
    size_t at = hash >> (64 - bits_);
    while (slots_[at].number >= 0 && !(slots_[at].hash == hash && slots_[at].text == text))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    std::vector<Slot> old(2 * slots_.size(), empty);
    std::swap(old, slots_);
    ++bits_;
    for (const Slot& slot : old) {
      if (slot.number < 0) continue;
      size_t at = slot.hash >> (64 - bits_);
      while (slots_[at].number >= 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  int bits_ = 10;
  std::vector<Slot> slots_;
};

inline std::vector<uint64_t> hashes_of(const Texts& texts, const Run& run, uint64_t seed) {
  std::vector<uint64_t> hashes(static_cast<size_t>(texts.size));
  measure_texts(texts, run, reinterpret_cast<int64_t*>(hashes.data()),
                [&](Text text) { return static_cast<int64_t>(hash_of(text, seed)); });
  return hashes;
}

// Calls f(row) for the rows with a text whose hash belongs to one of `shares` equal shares of all hashes; slots
// are asked for a block ahead. The low bits say which share, the table goes by the high ones.
template <class F>
void for_each_of_share(const Texts& texts, const uint64_t* hashes, uint64_t share, uint64_t shares,
                       const TextTable& table, F&& f) {
  constexpr int64_t block = 64;
  int64_t rows[block];
  for (int64_t from = 0; from < texts.size; from += block) {
    int64_t count = 0;
    for (int64_t row = from; row < std::min(texts.size, from + block); ++row) {
      rows[count] = row;
      count += ((hashes[row] & 0xffff) % shares == share) & texts.has(row);
    }
    for (int64_t i = 0; i < count; ++i) table.prefetch(hashes[rows[i]]);
    for (int64_t i = 0; i < count; ++i) f(rows[i]);
  }
}

// Writes each row's number, 0 where there is no text; returns the first row of each number. Each share of the hashes
// has its own table, so that threads meet nowhere; then the shares' numbers are put in the order of first rows.
inline std::vector<int64_t> number_texts(const Texts& texts, const Run& run, uint64_t seed, int64_t* numbers) {
  const std::vector<uint64_t> hashes = hashes_of(texts, run, seed);
  const int64_t shares = parts_of(texts.size, run.grain) == 1 ? 1 : std::min(16, process_pool->workers());
  std::vector<std::vector<int64_t>> firsts(static_cast<size_t>(shares));
  parallel_for(shares, [&](int64_t share) {
    TextTable table;
    std::vector<int64_t> mine;
    for_each_of_share(texts, hashes.data(), static_cast<uint64_t>(share), static_cast<uint64_t>(shares), table,
                      [&](int64_t row) {
                        const int64_t next = static_cast<int64_t>(mine.size());
                        numbers[row] = table.number(hashes[static_cast<size_t>(row)], texts[row], next);
                        if (numbers[row] == next) mine.push_back(row);
                      });
    firsts[static_cast<size_t>(share)] = std::move(mine);
  });
  if (shares == 1) {
    for (int64_t row = 0; row < texts.size; ++row)
      if (!texts.has(row)) numbers[row] = 0;
    return firsts[0];
  }
  std::vector<int64_t> all;
  for (const auto& mine : firsts) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  std::vector<std::vector<int64_t>> renumbered(static_cast<size_t>(shares));
  const auto share_of = [&](int64_t row) {
    return static_cast<size_t>((hashes[static_cast<size_t>(row)] & 0xffff) % static_cast<uint64_t>(shares));
  };
  for (size_t i = 0; i < all.size(); ++i) renumbered[share_of(all[i])].push_back(static_cast<int64_t>(i));
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string&) {
    for (int64_t row = from; row < to; ++row)
      numbers[row] = texts.has(row) ? renumbered[share_of(row)][static_cast<size_t>(numbers[row])] : 0;
  });
  return all;
}

// The number of each text in a dictionary of distinct ones, -1 where it is in none or there is no text.
inline void find_numbers(const Texts& texts, const Texts& dictionary, const Run& run, uint64_t seed, int64_t* out) {
  TextTable table;
  for (int64_t row = 0; row < dictionary.size; ++row)
    if (dictionary.has(row)) table.number(hash_of(dictionary[row], seed), dictionary[row], row);
  const std::vector<uint64_t> hashes = hashes_of(texts, run, seed);
  for_each_part(texts.size, parts_of(texts.size, run.grain), [&](int64_t, int64_t from, int64_t to, std::string&) {
    for (int64_t row = from; row < to; ++row) {
      if (row + 16 < to) table.prefetch(hashes[static_cast<size_t>(row + 16)]);
      out[row] = texts.has(row) ? table.find(hashes[static_cast<size_t>(row)], texts[row]) : -1;
    }
  });
}

struct SortKey {
  uint64_t prefix;
  int64_t row;
};

// Rows in the order of their texts, equal ones in theirs; rows without a text last. Keys are dealt into buckets by
// prefixes of a sample, and each bucket is sorted in a cache of its thread.
inline void sort_texts(const Texts& texts, const Run& run, int64_t* rows) {
  std::vector<SortKey> keys, dealt;
  std::vector<int64_t> last;
  keys.reserve(static_cast<size_t>(texts.size));
  for (int64_t row = 0; row < texts.size; ++row) {
    if (texts.has(row)) {
      keys.push_back({prefix_of(texts[row]), row});
    } else {
      last.push_back(row);
    }
  }
  std::vector<uint64_t> borders;
  const size_t buckets = std::min<size_t>(256, keys.size() / static_cast<size_t>(run.grain) + 1);
  for (size_t i = 1; i < 16 * buckets; ++i) borders.push_back(keys.empty() ? 0 : keys[i * keys.size() / (16 * buckets)].prefix);
  std::sort(borders.begin(), borders.end());
  for (size_t i = 0; i + 1 < buckets; ++i) borders[i] = borders[16 * i + 15];
  borders.resize(buckets - 1);
  const auto bucket_of = [&](uint64_t prefix) {
    return static_cast<size_t>(std::upper_bound(borders.begin(), borders.end(), prefix) - borders.begin());
  };
  std::vector<int64_t> ends(buckets + 1);
  std::vector<uint8_t> bucket(keys.size());
  const int64_t size = static_cast<int64_t>(keys.size()), parts = parts_of(size, run.grain);
  parallel_for(parts, [&](int64_t part) {
    for (int64_t i = cut(size, part, parts); i < cut(size, part + 1, parts); ++i)
      bucket[static_cast<size_t>(i)] = static_cast<uint8_t>(bucket_of(keys[static_cast<size_t>(i)].prefix));
  });
  for (const uint8_t number : bucket) ++ends[number + size_t{1}];
  for (size_t i = 0; i < buckets; ++i) ends[i + 1] += ends[i];
  dealt.resize(keys.size());
  std::vector<int64_t> at(ends.begin(), ends.end());
  for (size_t i = 0; i < keys.size(); ++i) dealt[static_cast<size_t>(at[bucket[i]]++)] = keys[i];
  const auto before = [&](const SortKey& a, const SortKey& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int64_t order = compared(texts[a.row], texts[b.row]);
    return order != 0 ? order < 0 : a.row < b.row;
  };
  parallel_for(static_cast<int64_t>(buckets), [&](int64_t number) {
    const int64_t from = ends[static_cast<size_t>(number)], to = ends[static_cast<size_t>(number) + 1];
    std::sort(dealt.begin() + from, dealt.begin() + to, before);
    for (int64_t i = from; i < to; ++i) rows[i] = dealt[static_cast<size_t>(i)].row;
  });
  std::copy(last.begin(), last.end(), rows + size);
}

// The rows at which a run of equal texts begins; rows without a text are equal.
inline std::vector<int64_t> find_text_runs(const Texts& texts, const Run& run) {
  const int64_t parts = parts_of(texts.size, run.grain);
  std::vector<std::vector<int64_t>> starts(static_cast<size_t>(parts));
  for_each_part(texts.size, parts, [&](int64_t part, int64_t from, int64_t to, std::string&) {
    std::vector<int64_t> mine;
    for (int64_t row = from; row < to; ++row) {
      const bool has = texts.has(row);
      if (row == 0 || has != texts.has(row - 1) || (has && !(texts[row] == texts[row - 1]))) mine.push_back(row);
    }
    starts[static_cast<size_t>(part)] = std::move(mine);
  });
  std::vector<int64_t> all;
  for (const auto& mine : starts) all.insert(all.end(), mine.begin(), mine.end());
  return all;
}

// The texts of some rows, in their order; none for a row of -1.
inline Made take_texts(const Texts& texts, const int64_t* rows, int64_t size, int64_t narrow) {
  const auto taken = [&](int64_t i) { return rows[i] < 0 || !texts.has(rows[i]) ? Text{nullptr, nullptr} : texts[rows[i]]; };
  int64_t bytes = 0;
  for (int64_t i = 0; i < size; ++i) bytes += taken(i).size();
  Made made;
  made.size = size;
  made.item_size = bytes <= narrow ? 4 : 8;
  made.data = bytes_for(bytes);
  made.offsets = bytes_for((size + 1) * made.item_size);
  int64_t end = 0;
  put_offset(made.offsets.get(), made.item_size, 0, 0);
  for (int64_t i = 0; i < size; ++i) {
    const Text text = taken(i);
    if (text.size() > 0) std::memcpy(made.data.get() + end, text.begin, static_cast<size_t>(text.size()));
    end += text.size();
    put_offset(made.offsets.get(), made.item_size, i + 1, end);
  }
  return made;
}

}  // namespace engine
