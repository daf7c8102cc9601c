"""The skeleton: sound, complete in what it explains, and never written over anything."""

from dataclasses import fields

import pytest

from estimators.evidence.choices import READINGS
from estimators.evidence.claim import SOURCE_CLASSES
from estimators.evidence.files import read_study, write_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import (
    ACCESS,
    MEASURES,
    Balance,
    CellOf,
    PartOf,
    Range,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.report_words import ReportWords
from estimators.evidence.rows import COLUMNS, OPTIONAL
from estimators.evidence.screening import screen
from estimators.evidence.series import PATHS, STEPS
from estimators.evidence.skeleton import write_skeleton
from estimators.evidence.wording import NAMES


def test_the_skeleton_is_a_sound_study(tmp_path):
    assert write_skeleton(tmp_path / "new") == tmp_path / "new"
    study = read_study(tmp_path / "new")
    assert screen(study).open == ()
    assert all("made up" in source.name for source in study.sources)
    assert all("MADE UP" in claim.notes for claim in study.claims)
    assert len(study.claims) == 3
    rules = {type(quantity.rule) for quantity in study.quantities}
    assert rules == {Range, PartOf, SumOf, type(None)}
    assert [type(identity) for identity in study.identities] == [Split, Balance]
    write_study(study, tmp_path / "again" / "new")
    assert read_study(tmp_path / "again" / "new") == study


def test_the_comments_explain_every_word_that_can_be_written(tmp_path):
    text = (write_skeleton(tmp_path) / "study.toml").read_text(encoding="utf-8")
    comments = "\n".join(line.partition("#")[2] for line in text.splitlines() if "#" in line)
    flat = " ".join(comments.split())
    keys = ("label", "range", "reason", "part_of", "share", "sum_of", "inflow_share", "access")
    keys += ("series", "cell_of", "obtain", "running total", "unit", *STEPS, *PATHS)
    keys += ("middle", "side", "spread", "complete_within", "floor", "with_anchors", *READINGS)
    for word in (*NAMES, *COLUMNS, *OPTIONAL, *SOURCE_CLASSES, *MEASURES, *ACCESS, *keys):
        assert word in flat
    assert "{" not in text.replace(" = { ", "")


def test_the_assumptions_and_waivers_in_comments_are_sound(tmp_path):
    path = write_skeleton(tmp_path) / "study.toml"
    text = path.read_text(encoding="utf-8")
    for start in ("[assumptions]", "common_sd = { ", '"origin_scale.ngo"', "[waivers]", '"name of'):
        assert f"# {start}" in text
        text = text.replace(f"# {start}", start)
    path.write_text(text, encoding="utf-8")
    study = read_study(tmp_path)
    assert [override.name for override in study.overrides] == ["common_sd", "origin_scale.ngo"]
    assert len(study.waivers) == 1


def test_the_report_in_comments_is_sound(tmp_path):
    path = write_skeleton(tmp_path) / "study.toml"
    before, start, after = path.read_text(encoding="utf-8").partition("# [report]\n")
    lines, end, rest = after.partition("\n\n")
    told = "\n".join(line.removeprefix("# ") for line in lines.split("\n"))
    path.write_text(f"{before}[report]\n{told}{end}{rest}", encoding="utf-8")
    words = read_study(tmp_path).report
    assert start
    assert words.authors == ("Nobody, Anna (made up)",)
    assert all(getattr(words, field.name) for field in fields(ReportWords))


def test_the_classes_anchors_and_scenarios_in_comments_are_sound(tmp_path):
    path = write_skeleton(tmp_path) / "study.toml"
    lines = path.read_text(encoding="utf-8").split("\n")
    tables = ("[classes.", "[coverages.", "[anchors.", "[scenarios.")
    is_example = False
    for number, line in enumerate(lines):
        is_example = line.startswith("#") and (
            is_example or line.removeprefix("# ").startswith(tables)
        )
        lines[number] = line.removeprefix("#").strip() if is_example else line
    path.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "three_lists.csv").write_text("A,B,C,count\n1,0,0,9\n0,1,1,3\n")
    study = read_study(tmp_path)
    assert [len(study.classes), len(study.coverages)] == [1, 1]
    assert [anchor.used for anchor in study.anchors] == [True, True, False]
    (scenario,) = study.scenarios
    assert (scenario.reading, scenario.without) == ("floors", ("harbour",))
    assert len(scenario.assumptions) == 2


def test_the_series_balances_and_breakdowns_in_comments_are_sound(tmp_path):
    path = write_skeleton(tmp_path) / "study.toml"
    before, start, rest = path.read_text(encoding="utf-8").partition("# ---- Series: ")
    examples, end, after = rest.partition("# ---- Sources: ")
    is_example = False
    lines = examples.split("\n")
    for number, line in enumerate(lines):
        is_example = line.startswith("#") and (is_example or line.startswith("# ["))
        lines[number] = line.removeprefix("#").strip() if is_example else line
    path.write_text(before + start + "\n".join(lines) + end + after, encoding="utf-8")
    study = read_study(tmp_path)
    assert set(study.series_of) == {"deported_spring", "detained", "detained_since_march"}
    assert isinstance(study.identities[-1], RunningBalance)
    assert [len(dimension.levels) for dimension in study.breakdowns[0].dimensions] == [2, 2]
    assert isinstance(study.by_id["women_harbour"].rule, CellOf)


@pytest.mark.parametrize("name", ["study.toml", "claims.csv", "references.bib"])
def test_nothing_is_overwritten(tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(EvidenceError, match="it is there already and is not overwritten"):
        write_skeleton(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvidenceError, match="Give a folder that can be written"):
        write_skeleton(tmp_path / "file" / "new")
