"""What looks wrong with lists before any model: no overlap, one within another, strata too thin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from estimators.evidence.captures import Captures
from estimators.evidence.finding import Finding, Screening
from estimators.evidence.list_overlaps import (
    Group,
    by_replicate,
    group_of,
    overlap_of,
    places_of,
)

# Handed on under their names: who screens lists looks at their overlaps.
from estimators.evidence.list_overlaps import Overlap as Overlap
from estimators.evidence.list_overlaps import overlaps as overlaps

SMALL = 5  # persons on both of two lists: fewer say little
FEWEST = 3  # lists with anybody on them, for a stratum of its own
MISSING = 0.05  # of persons without a value of a stratum
APART = 0.10  # between the persons of two replicates
_SHOWN = 5  # strata that a sentence names


def screen_captures(captures: Captures) -> Screening:
    """Return what looks wrong with captures before any model is built.

    Parameters
    ----------
    captures
        People over several lists; nothing in them is changed, everything is a proposal.

    Returns
    -------
    Screening
        What to look at: the lists as they stand, pairs of them, strata and replicates; `claims`
        of a finding holds the names of the lists.
    """
    groups = tuple(by_replicate(captures).values())
    return Screening(
        (
            *_lists(captures, groups),
            *_pairs(captures, groups),
            *_scopes(captures),
            *_strata(captures),
            *_missing(captures),
            *_replicates(captures, groups),
        )
    )


def _lists(captures: Captures, groups: Sequence[Group]) -> Iterator[Finding]:
    """Show lists that nobody or everybody stands on, and those that are censored."""
    for place, name in enumerate(captures.lists):
        sizes = [group.size.get(place, 0) for group in groups]
        where = "" if len(set(map(bool, sizes))) == 1 else " in some replicates"
        if not all(sizes):
            why = f"Nobody stands on {name}{where}."
            yield _finding("empty list", (name,), why, f"Leave it out: without({name!r}).")
        elif any(size == group.n for size, group in zip(sizes, groups, strict=True)):
            why = f"Everybody who is seen stands on {name} ({_persons(sizes)})."
            proposal = (
                "The others tell nothing of whom it misses: if it is the frame that they were "
                "drawn from, leave it out."
            )
            yield _finding("list of all", (name,), why, proposal)
        if name in captures.censored:
            yield _censored(captures, name)


def _censored(captures: Captures, name: str) -> Finding:
    alone: Counter[str] = Counter()
    for cell in captures.cells:
        alone[cell.replicate] += cell.count * (cell.history == 1 << captures.lists.index(name))
    why = (
        f"{name} is censored: of those on no other list ({_persons(alone.values())}) some may not "
        f"belong to the population."
    )
    proposal = "Take a model that reads their number as an upper bound, or show both extremes."
    return _finding("censored list", (name,), why, proposal)


def _pairs(captures: Captures, groups: Sequence[Group]) -> Iterator[Finding]:
    """Show pairs that share few or nobody, and lists that lie within another."""
    for pair in combinations(range(len(captures.lists)), 2):
        rows = [overlap_of(captures.lists, pair, group) for group in groups]
        if not all(row.both + row.only_a and row.both + row.only_b for row in rows):
            continue
        both, names = [row.both for row in rows], (rows[0].list_a, rows[0].list_b)
        if min(both) < SMALL:
            yield _few(rows, names, both)
        if not any(row.only_a for row in rows) and not _holds_all(groups, pair[1]):
            yield _nested(*names, both)
        if not any(row.only_b for row in rows) and not _holds_all(groups, pair[0]):
            yield _nested(*names[::-1], both)


def _few(rows: Sequence[Overlap], names: tuple[str, str], both: Sequence[int]) -> Finding:
    shared = _persons(both) if max(both) else "nobody"
    expected = max(row.expected for row in rows)
    could = f"up to {expected:,.1f}" if expected >= 0.1 else "less than 0.1"
    why = (
        f"{names[0]} and {names[1]} share {shared}; independent lists of their sizes would share "
        f"{could}."
    )
    chance = "Look whether they cover the same people. " if expected >= 2 * SMALL else ""
    if max(both):
        proposal = "Check the matching, and show the result without either, or with both merged."
        return _finding("small overlap", names, why, chance + proposal)
    proposal = (
        "Their interaction is minus infinity in a log-linear model that has it: check that the "
        "estimate exists. Check the matching; merge two lists that work alike."
    )
    return _finding("no overlap", names, why, chance + proposal)


def _holds_all(groups: Sequence[Group], place: int) -> bool:
    return any(group.size.get(place, 0) == group.n for group in groups)


def _nested(inner: str, outer: str, both: Sequence[int]) -> Finding:
    why = f"All on {inner} ({_persons(both)}) stand on {outer} too."
    proposal = f"If {outer} took over its records they are one list: merged({(inner, outer)!r}, …)."
    return _finding("nested list", (inner, outer), why, proposal)


def _scopes(captures: Captures) -> Iterator[Finding]:
    """Show lists that saw one value of a column only, where others saw several."""
    for column, title in enumerate(captures.strata):
        values: defaultdict[int, set[str]] = defaultdict(set)
        for cell in captures.cells:
            if cell.count and cell.stratum[column]:
                for place in places_of(cell.history)[0]:
                    values[place].add(cell.stratum[column])
        if len(set().union(*values.values())) > 1:
            for place in sorted(values):
                if len(values[place]) == 1:
                    yield _scope(captures.lists[place], title, *values[place])


def _scope(name: str, title: str, value: str) -> Finding:
    why = f"{name} has persons of one {title} only: {value}."
    proposal = (
        "If it looked nowhere else, it tells nothing of the rest: estimate that part by itself, "
        "and the rest without it."
    )
    return _finding("scope", (name,), why, proposal)


def _strata(captures: Captures) -> Iterator[Finding]:
    """Show strata with few lists, and pairs that share nobody in some of the strata."""
    if not captures.strata:
        return
    groups = _by_stratum(captures)
    if thin := [at for at, group in groups.items() if _is_thin(group)]:
        yield _thin(thin, groups)
    for pair in sorted(group_of(captures.cells).both):
        apart = [
            at
            for at, group in groups.items()
            if all(group.size.get(place) for place in pair) and not group.both.get(pair)
        ]
        if apart:
            names = tuple(captures.lists[place] for place in pair)
            yield _apart(names, apart, len(groups))


type _Place = tuple[str, tuple[str, ...]]


def _by_stratum(captures: Captures) -> dict[_Place, Group]:
    """Return the persons of each stratum of each replicate that has any."""
    cells = defaultdict(list)
    for cell in captures.cells:
        if cell.count:
            cells[cell.replicate, cell.stratum].append(cell)
    return {at: group_of(cells[at]) for at in sorted(cells)}


def _is_thin(group: Group) -> bool:
    return sum(map(bool, group.size.values())) < FEWEST


def _thin(thin: Sequence[_Place], groups: Mapping[_Place, Group]) -> Finding:
    persons: Counter[str] = Counter()
    for at in thin:
        persons[at[0]] += groups[at].n
    why = (
        f"{_share(thin, len(groups))} have fewer than {FEWEST} lists with anybody on them, "
        f"{_persons(persons.values())} in all: {_named(thin)}."
    )
    proposal = (
        "Join them with strata like them, or estimate all strata in one model: leaving them out "
        "makes the total too small."
    )
    return _finding("few lists in strata", (), why, proposal)


def _apart(names: tuple[str, ...], apart: Sequence[_Place], of: int) -> Finding:
    why = (
        f"{names[0]} and {names[1]} share nobody in {_share(apart, of)}, though both have persons "
        f"there: {_named(apart)}."
    )
    proposal = "Estimate these strata in one model with others, or join them with strata like them."
    return _finding("no overlap in strata", names, why, proposal)


def _share(some: Sequence[_Place], of: int) -> str:
    each = " of replicates" * any(replicate for replicate, _ in some)
    return f"{len(some)} of {of} strata{each}"


def _named(places: Sequence[_Place]) -> str:
    """Return the first few strata in words."""
    names = [
        " ".join(filter(None, (replicate, *(value or "?" for value in stratum))))
        for replicate, stratum in places[:_SHOWN]
    ]
    return ", ".join(names) + f" and {len(places) - _SHOWN} more" * (len(places) > _SHOWN)


def _missing(captures: Captures) -> Iterator[Finding]:
    """Show columns of strata that many persons have no value of."""
    total = sum(cell.count for cell in captures.cells)
    for column, title in enumerate(captures.strata):
        missing = sum(cell.count for cell in captures.cells if not cell.stratum[column])
        if missing > MISSING * total:
            why = f"The {title} of {missing / total:.0%} of persons is not known."
            proposal = (
                "Impute it in the model, or show the total without this column: strata without "
                "these persons are too small."
            )
            yield _finding("missing strata", (), why, proposal)


def _replicates(captures: Captures, groups: Sequence[Group]) -> Iterator[Finding]:
    sizes = {id: group.n for id, group in zip(captures.replicates, groups, strict=True)}
    least, most = (choose(sizes, key=sizes.__getitem__) for choose in (min, max))
    if sizes[most] > (1 + APART) * sizes[least]:
        why = f"Replicate {most} has {sizes[most]:,} persons, replicate {least} {sizes[least]:,}."
        proposal = "They should be the same persons, imputed anew: check what fell out."
        yield _finding("replicates", (), why, proposal)


def _finding(kind: str, names: tuple[str, ...], why: str, proposal: str) -> Finding:
    return Finding(kind, names, why, proposal, settled=False)


def _span(values: Iterable[int]) -> str:
    """Return a number, or the least and the most where replicates differ."""
    found = sorted(values)
    return f"{found[0]:,}" if found[0] == found[-1] else f"{found[0]:,} to {found[-1]:,}"


def _persons(values: Iterable[int]) -> str:
    found = list(values)
    return f"{_span(found)} person{'s' * (max(found) != 1)}"
