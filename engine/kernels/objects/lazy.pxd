"""What every lazy kernel is: an iterator that guards itself and lets go of its source at once."""


cdef class Lazy:
    cdef bint alive
    cdef bint running

    # The next item; at the end it sets `alive` to false and what it returns is not looked at.
    cdef object advance(self)

    # Let go of everything held; returns the upstream iterators.
    cdef tuple release(self)

    cdef list gather(self, bint pause)


cdef object close_all(object upstream)
