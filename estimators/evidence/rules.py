"""What must hold between the parts of a study: one pass over it finds every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from estimators.evidence import (
    breakdown_rules,
    choice_rules,
    claim_rules,
    identity_rules,
    quantity_rules,
    report_words,
    series_rules,
)
from estimators.evidence.choices import (
    Anchor,
    Coverage,
    Override,
    Scenario,
    SourceClass,
    Waiver,
)
from estimators.evidence.claim import SOURCE_CLASSES, Claim, Source
from estimators.evidence.outcome import CATEGORIES
from estimators.evidence.parts import Parts, Unread, is_id, noun
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import (
    ACCESS,
    Balance,
    Breakdown,
    Identity,
    Quantity,
    RunningBalance,
    Split,
)
from estimators.evidence.registry import registered_classes
from estimators.evidence.series import Series

_NOTHING = Unread()

type _Decided = SourceClass | Coverage | Anchor | Scenario


def problems(
    study: Parts, unread: Unread = _NOTHING, places: Sequence[str] | None = None
) -> list[Problem]:
    """Return everything that is wrong with a study, in the order of its parts.

    Parameters
    ----------
    study
        A study, or what could be read of one.
    unread
        What could not be read and so is no problem again where something refers to it.
    places
        Where each claim stands, one text a claim; by default its id is named.
    """
    strangers = [*_strangers(study)]
    if strangers:
        return strangers
    built = places is None  # in Python: what the readers of files look at was not looked at yet
    if places is None:
        places = [f"claim {claim.id}" for claim in study.claims]
    return [
        *_study(study, built),
        *_empty(study, unread),
        *_twice("quantity", (q.id for q in study.quantities)),
        *_twice("source", (s.id for s in study.sources)),
        *(_twice("claim", (c.id for c in study.claims)) if built else ()),
        *_twice("split", (i.id for i in study.identities if isinstance(i, Split))),
        *_twice("balance", (i.id for i in study.identities if isinstance(i, Balance))),
        *_twice("running_balance", (i.id for i in study.identities if _runs(i))),
        *_twice("series", (series.id for series in study.series)),
        *_twice("breakdown", (made.id for made in study.breakdowns)),
        *_ids(study),
        *quantity_rules.problems(study, unread),
        *identity_rules.problems(study, unread),
        *series_rules.problems(study, unread),
        *breakdown_rules.problems(study, unread),
        *_sources(study, unread),
        *_headline(study, unread),
        *_choices(study),
        *report_words.problems(study.report),
        *choice_rules.problems(study, unread),
        *claim_rules.problems(study, unread, places),
    ]


def _strangers(study: Parts) -> Iterator[Problem]:
    """Yield what is no part of a study at all, as may happen to a study built in Python."""
    wanted: tuple[tuple[str, Sequence[object], type | tuple[type, ...]], ...] = (
        ("quantities", study.quantities, Quantity),
        ("identities", study.identities, (Split, Balance, RunningBalance)),
        ("sources", study.sources, Source),
        ("claims", study.claims, Claim),
        ("overrides", study.overrides, Override),
        ("waivers", study.waivers, Waiver),
        ("headline", study.headline, str),
        ("classes", study.classes, SourceClass),
        ("coverages", study.coverages, Coverage),
        ("anchors", study.anchors, Anchor),
        ("scenarios", study.scenarios, Scenario),
        ("series", study.series, Series),
        ("breakdowns", study.breakdowns, Breakdown),
    )
    for name, parts, kind in wanted:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        names = " or ".join(k.__name__ for k in kinds)
        for number, part in enumerate(parts):
            if not isinstance(part, kinds):
                wrong, remedy = f"it is not a {names}.", f"Put nothing but {names} into {name}."
                yield Problem("study", wrong, remedy, f"{name}[{number}]", repr(part))


def _study(study: Parts, built: bool) -> Iterator[Problem]:
    if built and not study.title.strip():
        yield Problem("study", "it is empty.", "Give the study a title.", "title")
    if study.access not in ACCESS:
        remedy = suggestion(study.access, ACCESS)
        yield Problem("study", "unknown access.", remedy, "access", study.access)
    if study.category not in ("", *CATEGORIES):
        remedy = suggestion(study.category, CATEGORIES)
        yield Problem("study", "unknown category.", remedy, "category", study.category)


def _empty(study: Parts, unread: Unread) -> Iterator[Problem]:
    if not study.quantities and not unread.quantities:
        remedy = "Add a table [quantities.some_id] with label, measure, range and reason."
        yield Problem("study", "the study has no quantity.", remedy)
    speaks = any(claim.used for claim in study.claims) or any(
        anchor.used and anchor.matched for anchor in study.anchors
    )
    if not unread.claims and not unread.anchors and not speaks:
        yield Problem("claims", "no claim is used.", "Add a claim with used = yes.")


def _twice(noun: str, ids: Iterable[str]) -> Iterator[Problem]:
    for id, times in Counter(ids).items():
        if times > 1:
            wrong, remedy = f"the id stands {times} times.", "Give each its own id."
            yield Problem(f"{noun} {id}", wrong, remedy, "id", id)


def _ids(study: Parts) -> Iterator[Problem]:
    parts: tuple[Quantity | Identity | Series | Breakdown | Source | _Decided, ...] = (
        *study.quantities,
        *study.identities,
        *study.series,
        *study.breakdowns,
        *study.sources,
        *study.classes,
        *study.coverages,
        *study.anchors,
        *study.scenarios,
    )
    named = [(f"{noun(part)} {part.id}", part.id) for part in parts]
    for subject, id in named:
        if not is_id(id):
            wrong = "it cannot be an id."
            remedy = "Use letters, digits, '_', '-', '.' and ':', without spaces."
            yield Problem(subject, wrong, remedy, "id", id)


def _runs(identity: Identity) -> bool:
    return isinstance(identity, RunningBalance)


def _sources(study: Parts, unread: Unread) -> Iterator[Problem]:
    own = (made.id for made in study.classes)
    known = {*SOURCE_CLASSES, *registered_classes(), *own, *unread.classes}
    for source in (*study.sources, *(s for s in unread.source_drafts if s.source_class)):
        id = source.source_class
        if id not in known and id not in unread.classes:
            remedy = suggestion(id, known, add_to="[classes] in study.toml")
            yield Problem(f"source {source.id}", "unknown class.", remedy, "class", id)
    for source in study.sources:
        subject = f"source {source.id}"
        if source.side != source.side.strip():
            yield Problem(subject, "spaces stand around it.", "Drop them.", "side", source.side)
        if not source.name.strip():
            yield Problem(subject, "it is empty.", "Write the name as a report prints it.", "name")


def _headline(study: Parts, unread: Unread) -> Iterator[Problem]:
    known = {quantity.id for quantity in study.quantities}
    for id in study.headline:
        if id not in known and id not in unread.quantities:
            wrong = "it is not a quantity of this study."
            remedy = suggestion(id, {*known, *unread.quantities})
            yield Problem("study", wrong, remedy, "headline", id)


def _choices(study: Parts) -> Iterator[Problem]:
    reasons = [(f"assumption {o.name}", o.reason) for o in study.overrides]
    reasons += [(f"waiver {w.check}", w.reason) for w in study.waivers]
    for subject, reason in reasons:
        if not reason.strip():
            yield Problem(subject, "it needs a reason.", "Say why, fit to be printed.", "reason")
    yield from _twice("assumption", (o.name for o in study.overrides))
    yield from _twice("waiver", (w.check for w in study.waivers))
    yield from _twice("class", (made.id for made in study.classes))
    yield from _twice("coverage", (coverage.id for coverage in study.coverages))
    yield from _twice("anchor", (anchor.id for anchor in study.anchors))
    yield from _twice("scenario", (scenario.id for scenario in study.scenarios))
