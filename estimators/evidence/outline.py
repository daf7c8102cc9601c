"""study.toml read: quantities, identities, sources and what a study decides, with all problems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from estimators.evidence.choices import (
    Anchor,
    Coverage,
    Override,
    Scenario,
    SourceClass,
    Waiver,
)
from estimators.evidence.claim import Claim, Source
from estimators.evidence.fields import Fields
from estimators.evidence.outline_choices import (
    anchor_of,
    class_of,
    coverage_of,
    override_of,
    report_of,
    scenario_of,
    waivers_of,
)
from estimators.evidence.outline_quantities import balance_of, quantity_of, split_of
from estimators.evidence.outline_series import breakdown_of, running_balance_of, series_of
from estimators.evidence.parts import ANYTHING, Unread
from estimators.evidence.problems import Problem
from estimators.evidence.quantity import ACCESS, Access, Breakdown, Identity, Quantity
from estimators.evidence.report_words import NOTHING_SAID, ReportWords
from estimators.evidence.series import Series

_FOLDER = "A study is a folder with study.toml and claims.csv; 'undercount new FOLDER' makes one."


_NOTHING_READ = Unread(
    quantities=ANYTHING,
    sources=ANYTHING,
    defined=ANYTHING,
    classes=ANYTHING,
    coverages=ANYTHING,
    anchors=ANYTHING,
    series=ANYTHING,
    breakdowns=ANYTHING,
)


@dataclass
class Outline:
    """What study.toml says, as far as it could be read; it has the shape of a study's parts."""

    name: str = ""
    title: str = ""
    question: str = ""
    headline: tuple[str, ...] = ()
    access: Access = "open"
    notes: str = ""
    quantities: tuple[Quantity, ...] = ()
    identities: tuple[Identity, ...] = ()
    sources: tuple[Source, ...] = ()
    overrides: tuple[Override, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    claims: tuple[Claim, ...] = ()
    classes: tuple[SourceClass, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    category: str = ""
    reference_class: str = ""
    series: tuple[Series, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    obtain: str = ""
    report: ReportWords = NOTHING_SAID


def read_outline(path: Path) -> tuple[Outline, Unread, list[Problem]]:
    """Return what study.toml says, what of it could not be read, and every problem found."""
    data, found = _load(path)
    if data is None:
        return Outline(), _NOTHING_READ, found
    outline, unread = _outline(Fields(path.name, "", data, found))
    return outline, unread, found


def _load(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), []
    except OSError as error:
        return None, [Problem(path.name, f"the file cannot be read ({error.strerror}).", _FOLDER)]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = f"bytes {error.object[error.start : error.start + 8].hex(' ')}"
        remedy = "In the text editor, save it with the encoding UTF-8."
        return None, [Problem(f"{path.name} line {line}", "it is not UTF-8.", remedy, got=got)]
    except (ValueError, RecursionError) as error:
        return None, [_syntax(path.name, text, error)]


def _syntax(name: str, text: str, error: Exception) -> Problem:
    wrong = str(error).rstrip(".")
    if isinstance(error, RecursionError):
        wrong = "brackets are nested too deep"
    elif not isinstance(error, tomllib.TOMLDecodeError):
        wrong = "a number in it is too long"
    number = re.search(r"line (\d+)", wrong)
    lines = text.splitlines()
    line = lines[int(number[1]) - 1] if number and int(number[1]) <= len(lines) else ""
    remedy = "Mend this line: text stands in double quotes, a list in [ ], a table name in [ ]."
    if "twice" in wrong or "overwrite" in wrong:
        remedy = "Two tables or keys have the same name: give each its own id, or drop one."
    place = f"{name} line {number[1]}" if number else name
    return Problem(place, f"it is not TOML: {wrong}.", remedy, got=line.strip())


_TABLES: dict[str, Callable[[str, Fields], Any]] = {
    "series": series_of,
    "quantities": quantity_of,
    "splits": split_of,
    "balances": balance_of,
    "running_balances": running_balance_of,
    "breakdowns": breakdown_of,
    "classes": class_of,
    "coverages": coverage_of,
    "anchors": anchor_of,
    "scenarios": scenario_of,
    "assumptions": override_of,
}
_IDENTITIES = ("splits", "balances", "running_balances")
# Tables whose name is that of the field which holds what they make.
_ALIKE = (
    *("series", "quantities", "sources", "breakdowns"),
    *("classes", "coverages", "anchors", "scenarios"),
)


def _outline(top: Fields) -> tuple[Outline, Unread]:
    sources = _each(top, "sources", _source)
    read = {key: _each(top, key, make) for key, make in _TABLES.items()} | {"sources": sources}
    outline = Outline(
        name=top.text("name"),
        title=top.text("title", needed=True),
        question=top.text("question"),
        headline=top.texts("headline"),
        access=cast("Access", top.choice("access", ACCESS, default="open")),
        notes=top.text("notes"),
        identities=tuple(made for key in _IDENTITIES for made in read[key].made),
        overrides=tuple(read["assumptions"].made),
        waivers=waivers_of(top),
        category=top.text("category"),
        reference_class=top.text("reference_class"),
        obtain=top.text("obtain"),
        report=report_of(top),
        **{key: tuple(read[key].made) for key in _ALIKE},
    )
    _format(top)
    top.close()
    return outline, _unread(read)


def _unread(read: Mapping[str, _Read[Any]]) -> Unread:
    """Return what of each kind of table could not be read, and what could be read of it."""
    return Unread(
        quantities=read["quantities"].ids,
        sources=read["sources"].ids,
        defined=_union(*(read[key].words for key in _IDENTITIES)),
        classes=read["classes"].ids,
        coverages=read["coverages"].ids,
        anchors=read["anchors"].ids,
        series=read["series"].ids,
        breakdowns=read["breakdowns"].ids,
        quantity_drafts=tuple(read["quantities"].drafts),
        identity_drafts=tuple(draft for key in _IDENTITIES for draft in read[key].drafts),
        source_drafts=tuple(read["sources"].drafts),
        anchor_drafts=tuple(read["anchors"].drafts),
        scenario_drafts=tuple(read["scenarios"].drafts),
        breakdown_drafts=tuple(read["breakdowns"].drafts),
    )


def _union(*sets: Collection[str]) -> Collection[str]:
    everything = any(each is ANYTHING for each in sets)
    return ANYTHING if everything else frozenset().union(*sets)


@dataclass
class _Read[Made]:
    """What the tables under one key make, what could be read of the others, and what these name."""

    made: list[Made]
    drafts: list[Made]
    ids: Collection[str]
    words: Collection[str]


def _each[Made](top: Fields, key: str, make: Callable[[str, Fields], Made | None]) -> _Read[Made]:
    """Return what each table under a key makes; where something is wrong with it, as a draft."""
    made: list[Made] = []
    drafts: list[Made] = []
    lost: dict[str, Fields] = {}
    for id, fields in top.tables(key):
        part = make(id, fields) if fields.is_table else None
        is_sound = fields.close()
        if part is not None:
            (made if is_sound else drafts).append(part)
        if not is_sound:
            lost[id] = fields
    if not top.are_tables(key):
        return _Read(made, drafts, ANYTHING, ANYTHING)
    words = {word for fields in lost.values() for word in fields.words()}
    return _Read(made, drafts, frozenset(lost), frozenset(words))


def _format(top: Fields) -> None:
    if top.has("format") and (given := top.value("format")) != 1.0:
        remedy = "Write format = 1, or install the version of Undercount that wrote this study."
        top.wrong(
            "format",
            "this version reads format 1 only.",
            remedy,
            f"{given:g}" if isinstance(given, float) else given,
        )


def _source(id: str, fields: Fields) -> Source:
    name, notes = fields.text("name", needed=True), fields.text("notes")
    return Source(id, name, fields.text("class", needed=True), notes, fields.text("side"))
