"""Whether a function is pure, as far as a careful reading can tell: no proof, and no sandbox.

Bottom of the engine: it knows nothing of chains, so that errors may carry a verdict.
"""
