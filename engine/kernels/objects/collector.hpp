// The cycle collector, paused for as long as this stands: what a kernel makes is no garbage, and no code of others
// runs in between.
#pragma once
#include <Python.h>

namespace engine::objects {

class PausedCollector {
 public:
  PausedCollector() : paused_(PyGC_Disable() == 1) {}
  ~PausedCollector() {
    if (paused_) PyGC_Enable();
  }
  PausedCollector(const PausedCollector&) = delete;
  PausedCollector& operator=(const PausedCollector&) = delete;

 private:
  bool paused_;
};

}  // namespace engine::objects
