"""study.toml read: quantities, identities, sources and what a study decides, with all problems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from estimators.evidence.choices import Override, Waiver
from estimators.evidence.claim import SOURCE_CLASSES, Claim, Source
from estimators.evidence.fields import Fields
from estimators.evidence.parts import ANYTHING, Unread
from estimators.evidence.problems import Problem
from estimators.evidence.quantity import (
    ACCESS,
    MEASURES,
    Access,
    Balance,
    Identity,
    Measure,
    PartOf,
    Quantity,
    Range,
    Rule,
    Split,
    SumOf,
)
from estimators.evidence.when import When

_RULES = ("range", "part_of", "sum_of")
_FOLDER = "A study is a folder with study.toml and claims.csv; 'undercount new FOLDER' makes one."


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


def read_outline(path: Path) -> tuple[Outline, Unread, list[Problem]]:
    """Return what study.toml says, what of it could not be read, and every problem found."""
    data, found = _load(path)
    if data is None:
        nothing = Unread(quantities=ANYTHING, sources=ANYTHING, defined=ANYTHING)
        return Outline(), nothing, found
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


def _outline(top: Fields) -> tuple[Outline, Unread]:
    quantities = _each(top, "quantities", _quantity)
    splits = _each(top, "splits", _split)
    balances = _each(top, "balances", _balance)
    sources = _each(top, "sources", _source)
    outline = Outline(
        name=top.text("name"),
        title=top.text("title", needed=True),
        question=top.text("question"),
        headline=top.texts("headline"),
        access=cast("Access", top.choice("access", ACCESS, default="open")),
        notes=top.text("notes"),
        quantities=tuple(quantities.made),
        identities=(*splits.made, *balances.made),
        sources=tuple(sources.made),
        overrides=tuple(_each(top, "assumptions", _override).made),
        waivers=_waivers(top),
    )
    _format(top)
    top.close()
    return outline, Unread(
        quantities=quantities.ids,
        sources=sources.ids,
        defined=_union(splits.words, balances.words),
        quantity_drafts=tuple(quantities.drafts),
        identity_drafts=(*splits.drafts, *balances.drafts),
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


def _each[Made](top: Fields, key: str, make: Callable[[str, Fields], Made]) -> _Read[Made]:
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


def _quantity(id: str, fields: Fields) -> Quantity:
    label = fields.text("label", needed=True)
    measure = cast("Measure", fields.choice("measure", MEASURES))
    rule = _rule(fields)
    when = fields.text("when")
    access = cast("Access", fields.choice("access", ACCESS)) if fields.has("access") else None
    texts = {key: fields.text(key) for key in ("place", "group", "event", "notes")}
    span = fields.make("when", lambda: When.parse(when)) if when else None
    return Quantity(id, label, measure, rule, span, access=access, **texts)


def _rule(fields: Fields) -> Rule:
    ends, share = fields.ends("range"), _share(fields)
    whole, parts = fields.text("part_of"), fields.texts("sum_of")
    reason = fields.text("reason")
    given = [key for key in _RULES if fields.has(key)]
    if len(given) > 1:
        wrong = f"{' and '.join(given)} both define it; one quantity has one rule."
        remedy = "Keep one of them. It may still be a member of any number of sums."
        fields.wrong(given[-1], wrong, remedy)
        return None
    if not fields.has("part_of"):
        fields.only(["share"], "a share needs the whole.", 'Add part_of = "…", or drop it.')
    if not fields.has("range") and (fields.is_text("share") or not fields.has("share")):
        remedy = "Write it under notes, or add the range that it is the reason for."
        fields.only(["reason"], "there is no range that this is the reason for.", remedy)
    if ends is not None:
        return fields.make("range", lambda: Range(*ends, reason))
    if whole:
        return _part_of(fields, whole, share, reason)
    return SumOf(parts) if parts else None


def _part_of(
    fields: Fields, whole: str, share: tuple[float, float] | str | None, reason: str
) -> Rule:
    if isinstance(share, tuple):
        stated = fields.make("share", lambda: Range(*share, reason))
        return PartOf(whole, stated) if stated else None
    if share:
        return PartOf(whole, share)
    if not fields.has("share"):
        remedy = 'Add share = [low, high] in percent with a reason, or share = "id of a share".'
        fields.wrong("share", "it is missing; part_of needs it.", remedy)
    return None


def _share(fields: Fields) -> tuple[float, float] | str | None:
    return fields.text("share") if fields.is_text("share") else fields.ends("share")


def _split(id: str, fields: Fields) -> Split:
    whole = fields.text("whole", needed=True)
    parts = [(part, _stated(inner)) for part, inner in fields.tables("parts") if inner.is_table]
    sound = tuple((part, stated) for part, stated in parts if stated is not None)
    return Split(id, whole, sound)


def _stated(fields: Fields) -> Range | None:
    ends, reason = fields.ends("share"), fields.text("reason")
    if not fields.stands("share"):
        remedy = "Add share = [low, high] in percent, with a reason."
        fields.wrong("share", "it is missing.", remedy)
    stated = fields.make("share", lambda: Range(*ends, reason)) if ends else None
    fields.close()
    return stated


def _balance(id: str, fields: Fields) -> Balance:
    before, after = fields.text("before", needed=True), fields.text("after", needed=True)
    outflows, inflow = fields.texts("outflows"), fields.text("inflow")
    ends, reason = fields.ends("inflow_share"), fields.text("reason")
    share = fields.make("inflow_share", lambda: Range(*ends, reason)) if ends else None
    if not fields.has("inflow_share"):
        remedy = "Add inflow and inflow_share, or drop the reason."
        fields.only(["reason"], "there is no inflow_share that this is the reason for.", remedy)
    return Balance(id, before, after, outflows, inflow, share)


def _source(id: str, fields: Fields) -> Source:
    name, notes = fields.text("name", needed=True), fields.text("notes")
    source_class = fields.choice("class", SOURCE_CLASSES)
    return Source(id, name, source_class, notes)


def _override(id: str, fields: Fields) -> Override:
    value, reason = fields.value("value"), fields.text("reason", needed=True)
    return Override(id, value, reason)


def _waivers(top: Fields) -> tuple[Waiver, ...]:
    fields = top.table("waivers")
    checks = fields.keys()
    given = [Waiver(check, fields.text(check, needed=True)) for check in checks]
    return tuple(waiver for waiver in given if waiver.reason.strip())
