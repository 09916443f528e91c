# What is in here, only kernels see.
