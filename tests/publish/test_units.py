"""What is counted stands on axes, in tables and in sentences; people only where it is persons."""

import json
import re
from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from estimators.evidence.wording import About, Exactly
from estimators.inference.origins import OriginsCurve
from estimators.publish.figure_origins import plot_origins
from estimators.publish.figures import plot_account, plot_claims, plot_prior, plot_sources
from estimators.publish.inputs import priors_table, ranges_table
from estimators.publish.report import write_report
from estimators.publish.sentences import sentence
from estimators.publish.style import figure_of
from estimators.publish.tables import estimates_table
from estimators.publish.units import are_people, axis_label, heads


@pytest.fixture
def tanks_of(make_study):
    """A study in which the whole that was taken, and with it each part, is of one unit."""

    def made(*claims, unit="tanks"):
        study = make_study(*claims)
        named = [replace(q, unit=unit) if q.id == "taken" else q for q in study.quantities]
        return replace(study, quantities=named)

    return made


def test_words_beside_a_number(study, tanks_of):
    assert axis_label("tanks") == "tanks"
    assert axis_label("tanks", True, "so far") == "tanks so far, logarithmic"
    assert axis_label("$x$") == r"\$x\$"
    assert [heads(unit) for unit in ("persons", "armoured vehicles", "percent", "count")] == [
        " people",
        " armoured vehicles",
        "",
        "",
    ]
    assert are_people(study, study.by_id)
    assert not are_people(tanks_of(), ("taken", "held_after"))


def test_a_sentence_names_what_is_counted(tanks_of, make_estimate, make_claim):
    estimate = make_estimate(tanks_of())
    told = sentence(estimate, "taken")
    assert told.startswith("We estimate that between 110 and 500 tanks (90% interval; median 240)")
    assert "no count of tanks known one by one exists" in told
    assert "no claim counts this by itself" in sentence(estimate, "lost")
    listed = make_claim("n", "taken", Exactly(90), method="enumeration", used=False, why_not="-")
    study = tanks_of(make_claim("a", "taken", About(100)), listed)
    told = sentence(make_estimate(study), "taken")
    assert "90 tanks are documented one by one" in told
    assert not re.search("people|person", told)


def test_axes_name_what_is_counted(tanks_of, make_estimate, make_changes, prior):
    estimate = make_estimate(tanks_of())
    assert plot_claims(estimate, "taken").get_xlabel().startswith("tanks")
    assert plot_claims(estimate, "held_after").get_xlabel().startswith("persons")
    assert plot_claims(estimate, "women_share").get_xlabel() == "percent"
    before = replace(prior, study=estimate.study)
    assert plot_prior(before, estimate, ["taken", "lost"]).get_xlabel().startswith("tanks")
    assert plot_prior(before, estimate, ["taken", "freed"]).get_xlabel().startswith("count")
    left = plot_sources(estimate, make_changes(estimate), "lost")[0]
    assert left.get_xlabel().startswith("tanks without it")
    stocks, flows = plot_account(estimate)
    assert stocks.get_ylabel() == "persons"
    assert flows.get_xlabel().startswith("tanks")
    rows = [{"origins": n, "low": 300, "median": 600, "high": 900, "factor": 1.7} for n in (1, 9)]
    curve = OriginsCurve(pd.DataFrame(rows), 600.0, "tanks")
    assert plot_origins(curve).get_ylabel() == "tanks, logarithmic"


def test_a_unit_is_no_formula(tanks_of, make_estimate):
    ax = plot_claims(make_estimate(tanks_of(unit=r"$\frac$")), "taken")
    figure_of(ax).canvas.draw()
    plt.close(figure_of(ax))


def test_tables_name_what_is_counted(tanks_of, make_estimate, prior):
    study = tanks_of()
    estimate = make_estimate(study)
    for table in (estimates_table(estimate), priors_table(estimate, prior), prior_of(prior, study)):
        units = table["unit"]
        assert (units["taken"], units["lost"], units["women"]) == ("tanks",) * 3
        assert (units["held_after"], units["women_share"]) == ("persons", "percent")
        assert units["all"] == "count"
    assert ranges_table(study)["of"].tolist()[0] == "tanks"


def prior_of(prior, study):
    return replace(prior, study=study).summary()


def test_a_report_on_things_does_not_speak_of_persons(
    tanks_of, make_estimate, make_checks, prior, tmp_path
):
    study = replace(tanks_of(), headline=("taken",))
    checks, before = make_checks(study), replace(prior, study=study)
    made = write_report(make_estimate(study), to=tmp_path, checks=checks, prior=before)
    text = " ".join(re.sub("<[^>]+>", " ", made.read_text("utf-8")).split())
    assert "Documented means cases identified one by one" in text
    assert "no claim counts this by itself" in text
    assert "No list of cases known one by one exists for the headline numbers" in text
    assert "identified persons" not in text
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["quantities"]["taken"]["unit"] == "tanks"
