// Steps of a chain as operations over blocks of records. A block is computed with values of exact built-in types alone,
// so no code of the user runs meanwhile, and what is borrowed from the records stays. Whatever else there is — another
// type, a missing field, an error — makes the block give up without a trace; then its records are computed one by one.
#pragma once
#include <Python.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "column.hpp"
#include "column_access.hpp"
#include "column_arithmetic.hpp"
#include "column_comparison.hpp"
#include "column_text.hpp"
#include "operations.hpp"

namespace engine::objects {

// Calling a method may make a tuple, and making one may start the cycle collector, which runs code of the user.
class CollectorPause {
 public:
  CollectorPause() : paused_(PyGC_Disable() == 1) {}
  CollectorPause(const CollectorPause&) = delete;
  CollectorPause& operator=(const CollectorPause&) = delete;
  ~CollectorPause() {
    if (paused_) PyGC_Enable();
  }

 private:
  bool paused_;
};

class Program {
 public:
  Operations code;

  // Computes the first `count` of `left` items from a list on; false when the block gave up. No error is set.
  bool run(PyObject* const* items, int count, Py_ssize_t left) {
    const CollectorPause pause;
    start(items, count, left);
    for (size_t at = 0; at < code.size() && count_ > 0; ++at) {
      Operation& operation = code[at];
      if (operation.code == Code::branch) {
        if (!enter(operation)) return give_up();
        if (count_ == 0) {
          leave();
          at = static_cast<size_t>(operation.position);
        }
      } else if (!apply(operation)) {
        return give_up();
      }
    }
    return true;
  }

  // What came out: so many values.
  const Column* result() const { return current_; }
  int count() const { return count_; }

  // Gives up all references to values; those to names and constants stay.
  void release() {
    count_ = 0;
    frames_.clear();
    for (auto& column : columns_) {
      if (column) column->clear();
    }
    for (auto& column : memories_) column->clear();
    item_->clear();
    current_ = item_.get();
  }

 private:
  // The right side of `and` and `or`, computed for some of the records.
  struct Frame {
    const Column* current;
    int count;
    bool fresh;
    int taken;
    uint8_t records[block_size];
    Column subset;
  };

  void start(PyObject* const* items, int count, Py_ssize_t left) {
    item_->become(Form::objects);
    for (int i = 0; i < count; ++i) item_->objects[i] = items[i];
    if (code.owning) {
      for (int i = 0; i < count; ++i) Py_INCREF(items[i]);
      item_->own(count);
    }
    current_ = item_.get();
    count_ = count;
    height_ = 0;
    remembered_.clear();
    while (memories_.size() < static_cast<size_t>(code.memories())) memories_.push_back(std::make_unique<Column>());
    following_ = items;
    left_ = left;
  }

  bool give_up() {
    PyErr_Clear();
    release();
    return false;
  }

  bool apply(Operation& operation) {
    switch (operation.code) {
      case Code::item:
        return push(current_);
      case Code::constant:
        return push(operation.constant.get());
      case Code::field:
        return operation.memory < 0 ? field(operation, spare(height_ - 1)) : field(operation, memorised(operation));
      case Code::recalled:
        --height_;
        return push(memories_[operation.memory].get());
      case Code::position:
        return with_result(1, [&](Column* result) {
          return apply_position(*top(0), operation.object.get(), operation.position, count_, holding(), fresh(), left_,
                                result);
        });
      case Code::part:
        return with_result(1, [&](Column* result) {
          return apply_part(*top(0), operation.object.get(), count_, result);
        });
      case Code::attribute:
        return with_result(1, [&](Column* result) {
          return apply_attribute(*top(0), &*operation.access, count_, fresh(), left_, result);
        });
      case Code::map:
        return map();
      case Code::filter:
        return filter();
      case Code::join:
        return join();
      default:
        return compute(operation);
    }
  }

  bool compute(Operation& operation) {
    switch (operation.code) {
      case Code::arithmetic:
        return with_result(2, [&](Column* result) {
          return apply_arithmetic(operation.operation, *top(1), *top(0), count_, scratch_.get(), result);
        });
      case Code::comparison:
        return with_result(2, [&](Column* result) {
          return apply_comparison(operation.operation, *top(1), *top(0), count_, scratch_.get(), result);
        });
      case Code::containment:
        return with_result(2, [&](Column* result) { return apply_containment(*top(1), *top(0), count_, result); });
      case Code::identity:
        return with_result(2, [&](Column* result) {
          return apply_identity(operation.operation, *top(1), *top(0), count_, result);
        });
      case Code::membership:
        return with_result(1, [&](Column* result) {
          return apply_membership(*top(0), operation.object.get(), count_, result);
        });
      case Code::unary:
        return with_result(1, [&](Column* result) {
          return apply_unary(operation.operation, *top(0), count_, scratch_.get(), result);
        });
      case Code::length:
        return with_result(1, [&](Column* result) { return apply_length(*top(0), count_, result); });
      case Code::magnitude:
        return with_result(1, [&](Column* result) { return apply_magnitude(*top(0), count_, scratch_.get(), result); });
      case Code::method:
        return with_result(operation.operands, [&](Column* result) {
          return apply_method(operation.object.get(), operation.direction, &stack_[height_ - operation.operands],
                              operation.operands, count_, result);
        });
      default:
        return with_result(operation.operands, [&](Column* result) {
          return apply_call(operation.object.get(), &stack_[height_ - operation.operands], operation.operands, count_,
                            result);
        });
    }
  }

  bool push(const Column* column) {
    if (stack_.size() == height_) stack_.push_back(nullptr);
    stack_[height_++] = column;
    return true;
  }

  const Column* top(size_t below) const { return stack_[height_ - 1 - below]; }

  // Runs an operation with as many operands from the stack and leaves its result there.
  template <class Compute>
  bool with_result(size_t operands, Compute&& compute) {
    const size_t place = height_ - operands;
    Column* const result = spare(place);
    if (!compute(result)) return false;
    height_ = place;
    return push(result);
  }

  // Of the two columns that each place of the stack has, the one that is not its operand.
  Column* spare(size_t place) {
    if (columns_.size() < 2 * place + 2) columns_.resize(2 * place + 2);
    auto& first = columns_[2 * place];
    auto& chosen = first && place < height_ && stack_[place] == first.get() ? columns_[2 * place + 1] : first;
    if (!chosen) chosen = std::make_unique<Column>();
    return chosen.get();
  }

  Holding holding() const { return code.owning || top(0)->owned() > 0 ? Holding::owned : Holding::borrowed; }

  // The items of the list where they have not been read before.
  PyObject* const* fresh() { return top(0) == item_.get() ? std::exchange(following_, nullptr) : nullptr; }

  bool field(Operation& operation, Column* result) {
    if (!apply_field(*top(0), &*operation.field, count_, holding(), fresh(), left_, result)) return false;
    --height_;
    return push(result);
  }

  // The column that keeps a field for later operations on the same items.
  Column* memorised(const Operation& operation) {
    remembered_.push_back(memories_[operation.memory].get());
    return remembered_.back();
  }

  bool map() {
    const Column* const result = stack_[--height_];
    if (result == current_) return true;
    following_ = nullptr;
    if (result->constant) return spread(*result);
    for (auto& column : columns_) {
      if (column.get() == result) std::swap(column, item_);
    }
    for (auto& column : memories_) {
      if (column.get() == result) std::swap(column, item_);
    }
    current_ = item_.get();
    remembered_.clear();
    return true;
  }

  bool spread(const Column& constant) {
    Column* const column = spare(0);
    column->become(constant.form);
    for (int i = 0; i < count_; ++i) column->integers[i] = constant.integers[0];
    push(column);
    return map();
  }

  bool filter() {
    bool keep[block_size];
    const Column* const decided = stack_[--height_];
    if (!read_truths(*decided, count_, keep)) return false;
    following_ = nullptr;
    for (Column* const column : remembered_) column->compact(keep, count_);
    count_ = item_->compact(keep, count_);
    return true;
  }

  bool enter(const Operation& operation) {
    bool truths[block_size];
    if (!read_truths(*top(0), count_, truths)) return false;
    auto frame = std::make_unique<Frame>();
    frame->current = current_;
    frame->count = count_;
    frame->taken = 0;
    frame->subset.become(current_->form);
    for (int i = 0; i < count_; ++i) {
      if (truths[i] != operation.when) continue;
      frame->subset.integers[frame->taken] = current_->integers[i];
      frame->records[frame->taken++] = static_cast<uint8_t>(i);
    }
    current_ = &frame->subset;
    count_ = frame->taken;
    frames_.push_back(std::move(frame));
    return true;
  }

  std::unique_ptr<Frame> leave() {
    std::unique_ptr<Frame> frame = std::move(frames_.back());
    frames_.pop_back();
    current_ = frame->current;
    count_ = frame->count;
    return frame;
  }

  // The right side where it was computed, elsewhere the left one.
  bool join() {
    const std::unique_ptr<Frame> frame = leave();
    return with_result(2, [&](Column* result) {
      const Column& left = *top(1);
      const Column& right = *top(0);
      if (left.form == right.form && left.form != Form::objects) {
        result->become(left.form);
        for (int i = 0; i < count_; ++i) result->integers[i] = left.integers[left.at(i)];
        for (int k = 0; k < frame->taken; ++k) result->integers[frame->records[k]] = right.integers[right.at(k)];
        return true;
      }
      int k = 0;
      return fill_objects(result, count_, [&](int i) {
        const bool taken = k < frame->taken && frame->records[k] == i;
        return taken ? right.box(k++) : left.box(i);
      });
    });
  }

  std::unique_ptr<Column> item_ = std::make_unique<Column>();
  const Column* current_ = item_.get();  // what `it` is: the column above, or a part of it inside a branch
  int count_ = 0;
  size_t height_ = 0;
  PyObject* const* following_ = nullptr;
  Py_ssize_t left_ = 0;
  std::vector<const Column*> stack_;
  std::vector<std::unique_ptr<Column>> columns_;
  std::vector<std::unique_ptr<Column>> memories_;
  std::vector<Column*> remembered_;  // those with fields of the items as they are now
  std::vector<std::unique_ptr<Frame>> frames_;
  std::unique_ptr<Column[]> scratch_ = std::make_unique<Column[]>(2);
};

}  // namespace engine::objects
