"""How fast the engine is, beside a plain loop and the best of its rivals. Start with `ci/bench --help`."""
