// The Arrow C data interface: the three structures of its public specification, and how ours are handed out.
// Names follow the specification, whose layout is the contract; nothing here needs an Arrow library.
#pragma once
#include <Python.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace engine {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

inline constexpr int64_t arrow_nullable = 2;

// The specification's move: the new place owns what is behind the structure, the old one is marked released.
template <class T>
void move_to(T* to, T* from) {
  *to = *from;
  from->release = nullptr;
}

template <class T>
void release_if_held(T* held) {
  if (held->release != nullptr) held->release(held);
}

// What a schema says, kept by us: a stream may be asked for its schema again.
struct Field {
  std::string format;
  std::string name;
  std::vector<Field> fields;
};

struct SchemaRoom {
  Field field;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> addresses;
};

inline void release_schema(ArrowSchema* schema) {
  auto* room = static_cast<SchemaRoom*>(schema->private_data);
  // A consumer may have moved a child out; then the child is no longer ours to release.
  for (auto& child : room->children) release_if_held(&child);
  delete room;
  schema->release = nullptr;
}

inline void fill_schema(const Field& field, ArrowSchema* schema) {
  auto* room = new SchemaRoom{field, std::vector<ArrowSchema>(field.fields.size()), {}};
  for (size_t i = 0; i < field.fields.size(); ++i) {
    fill_schema(field.fields[i], &room->children[i]);
    room->addresses.push_back(&room->children[i]);
  }
  *schema = {room->field.format.c_str(), room->field.name.c_str(),     nullptr,
             arrow_nullable,             static_cast<int64_t>(room->children.size()),
             room->addresses.data(),     nullptr,                      release_schema,
             room};
}

struct ArrayRoom {
  PyObject* keeper;  // the Python object that keeps the buffers; null for a struct, whose children have theirs
  const void* buffers[3];
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> addresses;
};

// Any thread of the consumer may release, also one that Python has never seen.
inline void drop(PyObject* keeper) {
  if (keeper == nullptr || !Py_IsInitialized()) return;
  PyGILState_STATE state = PyGILState_Ensure();
  Py_DECREF(keeper);
  PyGILState_Release(state);
}

inline void release_array(ArrowArray* array) {
  auto* room = static_cast<ArrayRoom*>(array->private_data);
  for (auto& child : room->children) release_if_held(&child);
  drop(room->keeper);
  delete room;
  array->release = nullptr;
}

// One column: validity (or null), then one or two more buffers. Takes a new reference to the keeper.
inline void fill_array(ArrowArray* array, int64_t length, int64_t null_count, int64_t offset,
                       const void* validity, const void* second, const void* third, PyObject* keeper) {
  auto* room = new ArrayRoom{keeper, {validity, second, third}, {}, {}};
  Py_INCREF(keeper);
  *array = {length, null_count, offset, third == nullptr ? 2 : 3, 0,   room->buffers,
            nullptr, nullptr,   release_array,                    room};
}

// A table: a struct without nulls whose children are its columns. Each child is moved in.
inline void fill_struct(ArrowArray* array, int64_t length, std::vector<ArrowArray>&& children) {
  auto* room = new ArrayRoom{nullptr, {nullptr, nullptr, nullptr}, std::move(children), {}};
  for (auto& child : room->children) room->addresses.push_back(&child);
  *array = {length, 0,       0,       1, static_cast<int64_t>(room->children.size()),
            room->buffers, room->addresses.data(), nullptr, release_array, room};
}

struct StreamRoom {
  Field field;
  ArrowArray array;  // released once it has been handed out
};

inline int stream_schema(ArrowArrayStream* stream, ArrowSchema* schema) {
  try {
    fill_schema(static_cast<StreamRoom*>(stream->private_data)->field, schema);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  return 0;
}

// A released array marks the end of a stream, which is what is left after the only batch was moved out.
inline int stream_next(ArrowArrayStream* stream, ArrowArray* array) {
  move_to(array, &static_cast<StreamRoom*>(stream->private_data)->array);
  return 0;
}

inline const char* stream_error(ArrowArrayStream*) { return nullptr; }

inline void release_stream(ArrowArrayStream* stream) {
  auto* room = static_cast<StreamRoom*>(stream->private_data);
  release_if_held(&room->array);
  delete room;
  stream->release = nullptr;
}

// A stream of one batch, which is moved in.
inline void fill_stream(ArrowArrayStream* stream, const Field& field, ArrowArray* array) {
  auto* room = new StreamRoom{field, {}};
  move_to(&room->array, array);
  *stream = {stream_schema, stream_next, stream_error, release_stream, room};
}

// What a capsule's destructor does: frees the structure, and releases what no one has consumed.
template <class T>
void destroy_capsule(PyObject* capsule) {
  auto* held = static_cast<T*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  if (held == nullptr) {
    PyErr_WriteUnraisable(capsule);
    return;
  }
  release_if_held(held);
  delete held;
}

// Moves a structure that is already filled into a capsule; on failure it is released.
template <class T>
PyObject* capsule_of(T* filled, const char* name) {
  auto* held = new T;
  move_to(held, filled);
  PyObject* capsule = PyCapsule_New(held, name, destroy_capsule<T>);
  if (capsule == nullptr) {
    release_if_held(held);
    delete held;
  }
  return capsule;
}

}  // namespace engine
