"""Circles in what refers to what: repeats that come back to themselves, definitions that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(edges: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles that share no id, each as the ids along it with the first once more at its end.

    Wherever ids refer to one another in circles, one circle at least is given. One walk over all
    edges, without recursion: a chain may be as long as a study.
    """
    done: set[str] = set()
    reported: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path, on_path = [start], {start: 0}
        branches = [iter(edges[start])]
        while path:
            follows = next(branches[-1], None)
            if follows is None:
                branches.pop()
                done.add(path[-1])
                del on_path[path.pop()]
            elif follows in on_path:
                circle = path[on_path[follows] :]
                if reported.isdisjoint(circle):
                    reported.update(circle)
                    yield (*circle, follows)
            elif follows not in done and follows in edges:
                on_path[follows] = len(path)
                path.append(follows)
                branches.append(iter(edges[follows]))
