"""The cycle collector, paused while a kernel makes many small objects out of input already in memory."""


cdef extern from "Python.h":
    int PyGC_Disable()
    int PyGC_Enable()


cdef inline bint pause_collector(object source):
    """Pause for a list or tuple; true when this call paused it, and so has to resume it.

    Other sources run code of their own, which may leave garbage without bound: there it keeps running.
    """
    return (type(source) is list or type(source) is tuple) and PyGC_Disable() == 1


cdef inline void resume_collector(bint paused) noexcept:
    if paused:
        PyGC_Enable()
