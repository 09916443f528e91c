"""Steps of the long tail: each a generator function over an iterator, by the name of its verb.

What is hot has a kernel; what is not, reads like its definition. A file holds the steps of one subject.
"""

from __future__ import annotations

from engine.streams import choices, cuts, neighbours, ordered, outcomes, several
from engine.streams.stream import Stream

__all__ = ["STREAMS", "Stream"]

STREAMS: dict[str, Stream] = {
    **cuts.STREAMS,
    **neighbours.STREAMS,
    **several.STREAMS,
    **ordered.STREAMS,
    **choices.STREAMS,
    **outcomes.STREAMS,
}
