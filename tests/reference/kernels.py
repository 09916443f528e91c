"""Every object kernel as a function of one iterable and a key, for the promises that all of them make."""

from __future__ import annotations

from engine.kernels.objects import aggregates, chunk, group, join, merge, sort, top, unique

ASKED = (("list", None), ("set", None), ("first", None), ("count", None))
LAZY = {
    "runs": chunk.iter_runs,
    "merged": lambda items, key: merge.iter_merged([items, ()], key),
    "joined left": lambda items, key: join.iter_joined(items, [0, 1, 2], key, None, "outer"),
    "joined right": lambda items, key: join.iter_joined([0, 1, 2], items, None, key, "outer"),
    "semi": lambda items, key: join.iter_joined(items, list(range(9)), key, None, "semi"),
    "merged check": lambda items, key: merge.iter_merged([(), items], key, check=True),
    "unique": unique.iter_unique,
    "dedup": unique.iter_dedup,
    "duplicates": unique.iter_duplicates,
    "aggregated runs": lambda items, key: aggregates.agg_runs(items, key, ASKED),
}
EAGER = {
    "collect_runs": chunk.collect_runs,
    "collect_merged": lambda items, key: merge.collect_merged([items, []], key),
    "collect_joined left": lambda items, key: join.collect_joined(items, [0, 1, 2], key, None, "outer"),
    "collect_joined right": lambda items, key: join.collect_joined([0, 1, 2], items, None, key, "outer"),
    "collect_groups": group.collect_groups,
    "fold_groups": lambda items, key: group.fold_groups(items, key, list, lambda all_, item: [*all_, item]),
    "reduce_groups": lambda items, key: group.reduce_groups(items, key, lambda first, _: first),
    "count_keys": group.count_keys,
    "collect_unique": unique.collect_unique,
    "collect_duplicates": unique.collect_duplicates,
    "collect_dedup": unique.collect_dedup,
    "collect_joined select": lambda items, key: join.collect_joined(
        items, [0, 1, 2], key, None, "outer", "match", lambda left, right: (left, right)
    ),
    "collect_sorted": sort.collect_sorted,
    "collect_top": lambda items, key: top.collect_top(items, 2, key),
    "collect_top smallest": lambda items, key: top.collect_top(items, 9, key, largest=False),
    "agg_groups": lambda items, key: aggregates.agg_groups(items, key, ASKED),
}
ALL = {**{name: lambda items, key, f=f: list(f(items, key)) for name, f in LAZY.items()}, **EAGER}
