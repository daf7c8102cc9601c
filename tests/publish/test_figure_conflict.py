"""The figure, the table and the sentences of what disagrees, and their place in the report."""

import importlib.util
import json
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from estimators.inference.sides import Conflict, Conflicts
from estimators.publish.captions_doubt import conflict_alt, conflict_caption
from estimators.publish.figure_conflict import plot_conflicts
from estimators.publish.report import write_report
from estimators.publish.sentences import sentence
from estimators.publish.style import figure_of
from estimators.publish.tables_doubt import conflicts_markdown, conflicts_table


def beside(name):
    """Return another module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


overlaps = beside("test_figures").overlaps


def side_by_side(id, label, direct, rest, p, **more):
    given = {"claims": ("a", "b", "c"), "others": 2, "unit": "persons", "rhat": 1.01}
    delta = np.linspace(-1.0, 3.0, 40).reshape(2, 20)
    return Conflict(id, label, delta=delta, p=p, direct=direct, rest=rest, **given | more)


@pytest.fixture
def found():
    return Conflicts(
        (
            side_by_side(
                "taken", "Taken on 14 May 2020", (101.0, 150.3, 239.0), (401.0, 600.0, 899.0), 0.02
            ),
            side_by_side(
                "held_after", "Held in June", (300.0, 400.0, 500.0), (210.0, 380.0, 700.0), 0.61
            ),
            side_by_side(
                "women_share",
                "Share of women",
                (41.2, 60.0, 99.7),
                (20.0, 50.0, 80.0),
                0.004,
                unit="percent",
                others=0,
                rhat=1.07,
            ),
        )
    )


def test_two_sides_in_two_shapes_and_no_overlap(found):
    ax = plot_conflicts(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Taken on 14 May 2020",
        "Held in June",
    ]
    marks = [line for line in ax.lines if line.get_marker() in ("o", "s")]
    assert [float(line.get_xdata()[0]) for line in marks] == [150.3, 600.0, 400.0, 380.0]
    assert len({(line.get_marker(), line.get_color(), line.get_mfc()) for line in marks}) == 2
    assert len({line.get_linestyle() for line in ax.lines if line.get_marker() == "|"}) == 2
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["p = .02", "conflict", "p = .61", "no conflict"]
    assert not overlaps(figure_of(ax))


def test_shares_have_a_figure_of_their_own(found):
    ax = plot_conflicts(found, "percent")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Share of women"]
    assert ax.get_xlabel() == "percent"
    assert "p = .004?" in [text.get_text() for text in ax.texts]
    alone = Conflicts(found.found[2:])
    assert len(plot_conflicts(alone).get_yticklabels()) == 1
    with pytest.raises(ValueError, match="persons"):
        plot_conflicts(alone, "persons")


def test_counts_of_several_things_stand_together_or_alone(found):
    taken, held, share = found
    mixed = Conflicts((replace(taken, unit="tanks"), held, share))
    assert plot_conflicts(found).get_xlabel() == "persons, logarithmic"
    assert plot_conflicts(mixed).get_xlabel() == plot_conflicts(mixed, "count").get_xlabel()
    assert plot_conflicts(mixed, "count").get_xlabel() == "count, logarithmic"
    ax = plot_conflicts(mixed, "tanks")
    assert ax.get_xlabel().startswith("tanks")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Taken on 14 May 2020"]
    assert mixed.among("persons") == (held,)
    assert mixed.among("percent") == (share,)
    assert "Taken on" in conflict_alt(mixed, "count")
    ratio = replace(taken, quantity="", unit="factor")
    assert Conflicts((ratio,)).among("count") == ()
    assert ratio.ends == ("100 to 240", "400 to 900")
    assert replace(ratio, direct=(0.26, 0.5, 1.21)).ends[0] == "0.26 to 1.3"


def test_names_of_strangers_are_inert(found, hostile):
    odd = Conflicts((replace(found.found[0], label=f"{hostile} {hostile}"),))
    assert not overlaps(figure_of(plot_conflicts(odd)))


def test_it_draws_on_given_axes(found):
    _, ax = plt.subplots()
    assert plot_conflicts(found, ax=ax) is ax
    assert ax.get_title("left").startswith("Direct claims")


def test_both_sides_in_words(found):
    taken, held, share = found
    assert taken.sentence() == (
        "Direct claims say 100 to 240, the rest of the account 400 to 900 (conflict p = .02)"
    )
    assert share.sentence() == (
        "Direct claims say 41% to 100%, its range before any claim 20% to 80% "
        "(conflict p = .004; not certain, R-hat 1.07)"
    )
    assert [one.verdict for one in found] == ["conflict", "none", "strong conflict"]
    assert [one.converged for one in found] == [True, True, False]
    assert held.sentence() in conflict_alt(found, "count")
    assert "mixed badly" not in conflict_caption(found, "count")
    assert "mixed badly" in conflict_caption(found, "percent")
    assert found.reading() == (
        "Numbers split in two: 3. In conflict at p < .05: 2, 2 after adjusting for 3 tests (Holm)."
    )
    assert taken.summary().loc["taken", "verdict"] == "conflict"


def test_the_sentence_of_a_quantity_in_conflict_says_both(estimate, found):
    plain = sentence(estimate, "taken")
    told = sentence(estimate, "taken", conflict=found.of("taken"))
    more = (
        "but sources disagree on it (conflict, p = .02): its direct claims say 100 to 240 people, "
        "the rest of the account 400 to 900, and one interval for both hides this; "
    )
    assert told.replace(more, "") == plain
    assert told.index(more) == plain.index("it was reported")
    calm = replace(found.of("taken"), p=0.05)
    assert sentence(estimate, "taken", conflict=calm) == plain
    with pytest.raises(ValueError, match="not that of taken"):
        sentence(estimate, "taken", conflict=found.of("held_after"))


def test_tables_are_rounded_and_escaped(found, hostile):
    table = conflicts_table(found)
    assert table.loc["taken", ["direct_low", "direct_high"]].tolist() == [100.0, 240.0]
    assert table.loc["taken", "p_holm"] == 0.04
    assert table.loc["women_share", "direct_high"] == 100.0
    text = conflicts_markdown(found)
    assert len(text.splitlines()) == 2 + len(found)
    assert "| 2 other readings |" in text
    odd = Conflicts((replace(found.found[0], label=hostile),))
    assert "<script>" not in conflicts_markdown(odd)


def test_the_report_shows_what_disagrees(
    estimate, changes, study, prior, make_checks, found, tmp_path
):
    given = {"checks": make_checks(study), "prior": prior, "conflicts": found}
    made = write_report(estimate, changes, to=tmp_path / "r", **given)
    page = made.read_text("utf-8")
    assert "but sources disagree on it" in page
    assert "Presanis" in page
    assert re.search(r"Numbers split in two: 3", page)
    for name in ("conflict.svg", "conflict_shares.svg"):
        assert (tmp_path / "r" / "figures" / name).is_file()
    assert (tmp_path / "r" / "tables" / "conflicts.csv").is_file()
    results = json.loads((tmp_path / "r" / "results.json").read_text("utf-8"))
    assert results["conflicts"]["taken"]["verdict"] == "conflict"
    assert "but sources disagree" in results["sentences"]["taken"]


def test_a_quick_report_says_that_nobody_looked(estimate, study, prior, make_checks, tmp_path):
    made = write_report(estimate, to=tmp_path / "r", checks=make_checks(study), prior=prior)
    page = made.read_text("utf-8")
    assert "was not asked for this report" in re.sub(r"\s+", " ", page)
    assert "Numbers split in two" not in page
