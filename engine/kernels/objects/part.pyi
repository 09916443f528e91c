"""One of several inputs, as errors name it; only kernels see it."""
