"""A folder read and written: nothing is lost, and all problems of all files are told together."""

import math
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimators.evidence.choices import (
    READINGS,
    Anchor,
    Coverage,
    Override,
    Scenario,
    SourceClass,
    Waiver,
)
from estimators.evidence.claim import SOURCE_CLASSES, Claim, Source
from estimators.evidence.files import read_study, write_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import (
    Balance,
    Breakdown,
    CellOf,
    Dimension,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.report_words import LICENCE, TEXTS, ReportWords
from estimators.evidence.series import PATHS, Series
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    ONE_NUMBER,
    WORDS,
    BestEstimate,
    Between,
    Many,
    Most,
    OrderOf,
    wording_of,
)

SEEDS = ["", 'a, "b"; c', "one\ntwo\r\nthree\rfour", " spaces ", "약 600명", "約600人 🕊️", "=1+1"]
TEXT = st.sampled_from(SEEDS) | st.text(st.characters(codec="utf-8", exclude_characters="\0"))
REASON = TEXT.filter(str.strip)
SIDES = TEXT.map(str.strip)
UNITS = st.sampled_from(["", "tanks", "houses, 'burnt' $x$", "채", "=1+1"]) | st.text(
    st.characters(categories=["L", "N", "P", "S"]), max_size=40
).filter(lambda unit: unit.lower() not in ("percent", "factor", "%"))
IDS = st.from_regex(r"[a-z][a-z0-9_.:-]{0,8}", fullmatch=True)
WHENS = st.tuples(st.dates(), st.dates()).map(lambda days: When(min(days), max(days)))
PERSONS = st.integers(1, 10**22).map(float)
NUMBERS = st.floats(min_value=1e-6, max_value=99)


def between(low, high, part, *, is_share):
    """Return a number so far from low to high, on the log or logit scale."""
    ends = (math.log(x / (100 - x)) if is_share else math.log(x) for x in (low, high))
    at = np.interp(part, [0, 1], list(ends))
    return float(100 / (1 + math.exp(-at)) if is_share else math.exp(at))


@st.composite
def ranges(draw, top=1e9):
    numbers = st.floats(1e-3, top)
    ends = st.lists(numbers, min_size=2, max_size=2, unique_by=lambda number: round(number, 6))
    low, high = sorted(draw(ends))
    part = draw(st.none() | st.floats(0.25, 0.75))
    middle = None if part is None else between(low, high, part, is_share=top < 100)
    return Range(low, high, draw(REASON), middle)


@st.composite
def wordings(draw, is_share=False):
    number = NUMBERS if is_share else PERSONS
    level = draw(st.just(80.0) | st.floats(1e-3, 99.9))
    low, best, high = sorted(draw(st.lists(number, min_size=3, max_size=3, unique=True)))
    kind = draw(st.integers(0, 4))
    if kind < 2:
        return (Between(low, high, level), BestEstimate(best, low, high, level))[kind]
    if kind == 2 and is_share:
        return Most()
    names = [name for name in ONE_NUMBER if not (is_share and name == "verified")]
    return wording_of(draw(st.sampled_from(names)), value=best)


def quantity(draw, id, measure, rule):
    texts = {key: draw(TEXT) for key in ("place", "group", "event", "notes")}
    texts["side"] = draw(SIDES)
    texts["unit"] = draw(UNITS) if measure != "share" else ""
    access = draw(st.sampled_from([None, "open", "slow", "closed"]))
    when = draw(st.none() | WHENS) if id != "before" else None
    texts["series"] = "war" if id in ("deaths", "held") else ""
    return Quantity(id, draw(REASON), measure, rule, when, access=access, **texts)


@st.composite
def outlines(draw):
    """Return quantities with every kind of rule, and the identities that define the others."""
    rules = {
        "whole": ("flow", draw(ranges())),
        "share": ("share", draw(ranges(99))),
        "part": ("flow", PartOf("whole", "share")),
        "other": ("flow", PartOf("whole", draw(ranges(99)))),
        "sum": ("cumulative", SumOf(("whole", "part"))),
        "after": ("stock", draw(ranges())),
        "left": ("flow", None),
        "right": ("flow", None),
        "before": ("stock", None),
        "inflow": ("flow", None),
        "deaths": ("flow", draw(ranges())),
        "held": ("stock", draw(ranges())),
        "arrested": ("flow", None),
        "cell": ("flow", CellOf("october", (("place", "west"), ("sex", "women")))),
        "margin": ("flow", CellOf("october", (("sex", "men"),))),
    }
    quantities = tuple(quantity(draw, id, *rule) for id, rule in rules.items())
    halves = Range(20, 70, draw(REASON)), Range(30, 80, draw(REASON))
    split = Split(draw(IDS), "whole", (("left", halves[0]), ("right", halves[1])))
    balance = Balance(draw(IDS), "before", "after", ("whole",), "inflow", draw(ranges(99)))
    running = RunningBalance(draw(IDS), "held", "arrested", draw(ranges(99)), ("deaths",))
    return quantities, (split, balance, running)


@st.composite
def series(draw):
    start = draw(st.dates(max_value=date(9000, 1, 1)))
    days = draw(st.integers(7, 1499))
    step = draw(st.sampled_from(["day", "dates"] + ["week"] * (days > 7) + ["month"] * (days > 62)))
    after = draw(st.sets(st.integers(1, days), min_size=1)) if step == "dates" else ()
    dates = tuple(start + timedelta(day) for day in sorted(after))
    path, length = draw(st.sampled_from(PATHS)), draw(st.just(0.0) | st.floats(0, 1e6))
    law = (path, length, draw(st.booleans()))
    delay = (draw(st.integers(1, 99)), draw(ranges(99))) if draw(st.booleans()) else ()
    return Series("war", start, start + timedelta(days), step, dates, *law, *delay)


@st.composite
def breakdowns(draw):
    reasons = (Range(20, 70, draw(REASON)), Range(30, 80, draw(REASON)))
    places = Dimension("place", tuple(zip(("west", "east"), reasons, strict=True)))
    sexes = Dimension("sex", tuple(zip(("women", "men"), reasons, strict=True)))
    whole, unevenness = draw(st.sampled_from(["whole", "deaths"])), draw(st.floats(0, 3))
    return Breakdown("october", whole, (places, sexes), unevenness)


@st.composite
def counts_over_time(draw, source, clock):
    """Return a claim on the days of a series."""
    first, last = sorted(draw(st.tuples(*[st.integers(0, (clock.end - clock.start).days)] * 2)))
    days = [clock.start + timedelta(day) for day in (first, last)]
    since = draw(st.none() | st.just(When(days[0], days[0])))
    method = draw(st.sampled_from(["", "enumeration", "running total"]))
    said = wording_of(draw(st.sampled_from(["exact", "at least"])), value=draw(PERSONS))
    when = {"as_of": When(days[1], days[1]), "since": since, "method": method}
    return Claim("over_time", "deaths", said, source.id, draw(WHENS), **when)


@st.composite
def claims(draw, sources, number):
    id, share = f"c{number}", draw(st.booleans())
    texts = ("publisher", "phrase", "language", "notes", "quote", "coder", "accessed")
    plain = {key: draw(TEXT) for key in texts}
    url = draw(st.sampled_from(["", "https://example.org/a?b=c,d", "http://example.org/명"]))
    rest = {"network": draw(TEXT.map(str.strip)), "url": url, "archived_url": url} | plain
    rest |= {
        "as_of": draw(st.none() | WHENS),
        "method": draw(st.sampled_from(["", "estimate", "coding rule"])),
    }
    origin, published = draw(st.sampled_from(sources)).id, draw(WHENS)
    copy = number and draw(st.sampled_from(["", "repeats", "derived_from"]))
    if copy:
        before = f"c{number - 1}"
        link = {"repeats": before} if copy == "repeats" else {"derived_from": (before,)}
        word = draw(st.sampled_from(WORDS).map(OrderOf) | st.just(Many()))
        rest |= link | {"used": False, "why_not": draw(TEXT)}
        return Claim(id, draw(st.sampled_from(["", "whole"])), word, origin, published, **rest)
    about = "share" if share else "whole"
    rest["coverage"] = draw(st.sampled_from(["", "city"])) if not share else ""
    return Claim(id, about, draw(wordings(is_share=share)), origin, published, **rest)


@st.composite
def decided(draw):
    """Return classes, coverages, anchors and scenarios that refer to the parts above."""
    spread, whole = st.floats(1e-6, 5), st.none() | PERSONS
    register, floor = draw(PERSONS), draw(whole)
    within, reason = draw(st.floats(1e-3, 99.9)), draw(REASON)
    anchors = [Anchor("register", "whole", reason, register, within, used=draw(st.booleans()))]
    anchors += [Anchor("list", "sum", reason, floor=floor, used=False)] if floor else []
    scenarios = [
        Scenario(
            "read", draw(REASON), draw(st.sampled_from(READINGS[1:])), ("list",) * bool(floor)
        ),
        Scenario("set", draw(REASON), assumptions=((draw(REASON), draw(NUMBERS | REASON)),)),
    ]
    scenarios += [Scenario("floor", reason, with_anchors=("list",))] if floor else []
    return {
        "classes": (SourceClass("own", draw(spread), draw(REASON)),),
        "coverages": (Coverage("city", draw(ranges(99))),),
        "anchors": tuple(anchors),
        "scenarios": tuple(scenarios),
    }


@st.composite
def report_words(draw):
    return ReportWords(
        authors=tuple(draw(st.lists(REASON, max_size=2, unique=True))),
        publisher=draw(TEXT),
        year=draw(st.just(0) | st.integers(1900, 2100)),
        licence=draw(st.sampled_from([LICENCE, "CC0-1.0", "LicenseRef-ours"])),
        url=draw(st.sampled_from(["", "https://example.org/a?b=1"])),
        doi=draw(st.sampled_from(["", "10.5555/12345678"])),
        **{name: draw(TEXT) for name in TEXTS},
    )


@st.composite
def studies(draw):
    quantities, identities = draw(outlines())
    names = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    classes = st.sampled_from((*SOURCE_CLASSES, "own"))
    sources = tuple(
        Source(id, draw(REASON), draw(classes), draw(TEXT), draw(SIDES)) for id in names
    )
    value, clock = draw(st.floats(-1e6, 1e6) | REASON), draw(series())
    said = [draw(claims(sources, n)) for n in range(draw(st.integers(1, 4)))]
    return Study(
        title=draw(REASON),
        question=draw(TEXT),
        quantities=quantities,
        sources=sources,
        claims=(*said, draw(counts_over_time(sources[0], clock))),
        headline=("sum", "whole"),
        identities=identities,
        access=draw(st.sampled_from(["open", "slow", "closed"])),
        overrides=(Override("origin_scale.ngo", value, draw(REASON)),),
        waivers=(Waiver(draw(REASON), draw(REASON)),),
        references=draw(TEXT.filter(lambda text: not text.startswith("\ufeff"))),
        name=draw(REASON),
        notes=draw(TEXT),
        series=(clock,),
        breakdowns=(draw(breakdowns()),),
        obtain=draw(TEXT),
        report=draw(report_words()),
        **draw(decided()),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(studies())
def test_writing_and_reading_round_trip(study):
    with tempfile.TemporaryDirectory() as folder:
        write_study(study, Path(folder) / "study")
        assert read_study(Path(folder) / "study") == study


def test_the_north_korea_study_round_trips(north_korea, tmp_path):
    write_study(north_korea, tmp_path)
    again = read_study(tmp_path)
    assert again == north_korea
    assert len(again.claims) == 182
    write_study(again, tmp_path / "twice")
    for file in ("study.toml", "claims.csv", "references.bib"):
        first, second = (tmp_path / file).read_bytes(), (tmp_path / "twice" / file).read_bytes()
        assert first == second


def test_a_study_takes_the_name_of_its_folder_unless_it_has_one(folder, tmp_path):
    study = read_study(folder.path)
    assert study.name == folder.path.name
    write_study(replace(study, name="other"), tmp_path / "here")
    assert read_study(tmp_path / "here").name == "other"


def test_references_are_replaced_by_none(folder):
    (folder.path / "references.bib").write_bytes(b"\xef\xbb\xbf@misc{a,}\r\n")
    study = read_study(folder.path)
    assert study.references == "@misc{a,}\r\n"
    write_study(replace(study, references=""), folder.path)
    assert read_study(folder.path).references == ""


def test_references_in_csl_json_go_before_bibtex(folder):
    (folder.path / "references.bib").write_text("@misc{a,}")
    (folder.path / "references.json").write_text('[{"id": "b"}]')
    study = read_study(folder.path)
    assert study.references == '[{"id": "b"}]'
    for references in ("@misc{c,}", '[{"id": "d"}]', ""):
        write_study(replace(study, references=references), folder.path)
        assert read_study(folder.path).references == references


def test_a_study_that_cannot_be_written_leaves_the_files_as_they_were(folder):
    study = read_study(folder.path)
    before = (folder.path / "study.toml").read_bytes()
    with pytest.raises(UnicodeEncodeError):
        write_study(replace(study, title="changed", question="\ud800"), folder.path)
    assert (folder.path / "study.toml").read_bytes() == before


def test_all_problems_of_all_files_are_told_together(folder):
    (folder.path / "references.bib").write_bytes(b"\xff")
    outline = folder.outline.replace("[1, 1000]", "[9, 1]").replace('["a"]', '["zz"]')
    outline += '[quantities.q]\nlabel = "Q"\nmeasure = "flow"\n[assumptions.x]\nvalue = 1\n'
    claims = folder.table(
        folder.row(value="1,100"),
        folder.row(id="c2", origin="tt"),
        folder.row(id="c3", quantity="yy"),
        folder.row(id="c4", repeats="c1", used="no"),
    )
    problems = folder.problems(outline=outline, claims=claims)
    assert [problem.split(": ")[0] for problem in problems] == [
        "study.toml, [quantities.a], range",
        "study.toml, [assumptions.x], reason",
        "study.toml, [quantities.q]",
        "study.toml, headline",
        "claims.csv row 2, value",
        "claims.csv row 3, origin",
        "claims.csv row 4, quantity",
        "references.bib line 1",
    ]


def test_an_unreadable_outline_does_not_hide_what_is_wrong_with_the_claims(folder):
    claims = folder.table(folder.row(value="x"), folder.row(id="c2", url="x", origin="tt"))
    problems = folder.problems(outline="x = ]", claims=claims)
    assert [problem.split(": ")[0] for problem in problems] == [
        "study.toml line 1",
        "claims.csv row 2, value",
        "claims.csv row 3, url",
    ]


def test_unreadable_claims_do_not_hide_what_is_wrong_with_the_outline(folder):
    (folder.path / "claims.csv").unlink()
    problems = folder.problems(outline=folder.outline.replace('"media"', '"mediaa"'))
    assert [problem.split(": ")[0] for problem in problems] == [
        "study.toml, [sources.s], class",
        "claims.csv",
    ]


def test_an_empty_study(folder):
    assert [problem.split(". ")[0] for problem in folder.problems(outline="", claims="")] == [
        "study.toml, title: it is missing",
        "study.toml: the study has no quantity",
        "claims.csv: the file is empty",
    ]


def test_rows_that_are_not_shipped_are_told_with_how_to_get_them(folder):
    (folder.path / "claims.csv").unlink()
    obtain = 'obtain = "undercount import radford2023 FILE"\n'
    problems = folder.problems(outline=obtain + folder.outline)
    assert problems == [
        "claims.csv: the file is missing: the rows of this study are not shipped with it. "
        "Get them by: undercount import radford2023 FILE."
    ]
    folder.write(claims=folder.table(folder.row()))
    assert read_study(folder.path).obtain == "undercount import radford2023 FILE"


def test_folders_in_the_place_of_files(folder):
    for name in ("study.toml", "claims.csv", "references.bib"):
        (folder.path / name).unlink(missing_ok=True)
        (folder.path / name).mkdir()
    problems = folder.problems()
    assert len(problems) == 3
    assert all("cannot be read (Is a directory)" in problem for problem in problems)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("nowhere", "there is no such folder"), ("study.toml", "not a folder"), ("\0", "no such")],
)
def test_a_folder_that_is_none(folder, path, wrong):
    with pytest.raises(EvidenceError, match=wrong) as caught:
        read_study(folder.path / path)
    assert caught.value.problems[0].remedy.startswith("Give the folder that holds study.toml")
