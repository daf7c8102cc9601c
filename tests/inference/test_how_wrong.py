"""How wrong one claim is: simulated numbers against closed forms, and what is made of them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from estimators.inference.how_wrong import COLUMNS, HowWrong, how_wrong, often
from estimators.models.claim_error import CLASSES, LEAST, PRIORS, TAILS, UNEVEN
from estimators.models.phases import PHASES
from estimators.models.reference import PARTS, ReferenceClass

NONE = -9.0
DRAWS = 200_000


def law(without=(), name="all", **changed):
    """A law of one draw: errors of scale .3, nothing shared, all events alike."""
    found = {name: np.zeros((1, *shape)) for name, (_, _, shape) in PRIORS.items()}
    found |= {"error": np.log([0.3]), "shared error": np.array([NONE]), UNEVEN: np.array([NONE])}
    given = {key.replace("_", " "): np.array([value]) for key, value in changed.items()}
    return ReferenceClass(name, "", 10, 30, (5.0, 1.0), found | given, without)


def quantiles(made, phase, source):
    return np.log(made.at(phase, source)[list(COLUMNS)].to_numpy(dtype=float))


def test_fixed_parameters_give_the_law_of_one_error():
    of_party = np.where(np.array(list(CLASSES)) == "party", 0.7, 0.0)
    made = how_wrong(law(error_by_class=of_party, shift_of_parties=0.4), draws=DRAWS)
    at, row = list(COLUMNS.values()), made.at("later", "media")
    plain = stats.t(2, scale=np.hypot(0.3, LEAST))
    assert quantiles(made, "later", "media") == pytest.approx(plain.ppf(at), abs=0.02)
    assert row["off_by_two"] == pytest.approx(2 * plain.sf(np.log(2)), rel=0.03)
    assert row["off_by_quarter"] == pytest.approx(2 * plain.sf(np.log(1.25)), rel=0.03)
    party = stats.t(2, loc=0.4, scale=np.hypot(0.3 * np.exp(0.7), LEAST))
    assert quantiles(made, "before access", "party") == pytest.approx(party.ppf(at), abs=0.05)


def test_early_claims_have_the_errors_of_all_later_phases_too():
    made = how_wrong(law((TAILS,), error=NONE, shared_error=np.log(0.2)), draws=DRAWS)
    for place, phase in enumerate(PHASES):
        walked = stats.norm(scale=np.hypot(0.2 * (len(PHASES) - place) ** 0.5, LEAST))
        wanted = walked.ppf(list(COLUMNS.values()))
        assert quantiles(made, phase, "state") == pytest.approx(wanted, abs=0.01)


def test_uneven_events_have_heavier_tails():
    even, uneven = (how_wrong(law(**{UNEVEN: value})) for value in (NONE, 0.0))
    ends = [np.diff(quantiles(made, "later", "ngo")[[0, -1]]) for made in (even, uneven)]
    assert ends[1] > 1.5 * ends[0]


def test_categories_are_averaged_over_the_groups_of_the_law():
    by_group = np.zeros(6)
    by_group[1] = 2.0  # arrests
    uneven = law(error_by_category=by_group)
    off = {
        names: how_wrong(uneven, categories=names).at("later", "state")["off_by_two"]
        for names in (("arrests",), ("deportation", "arrests"), ("attack",), ("attack", "arrests"))
    }
    assert off["arrests",] == off["deportation", "arrests"]
    assert off["attack", "arrests"] == pytest.approx(
        (off["arrests",] + off["attack",]) / 2, rel=0.1
    )


def test_a_class_is_asked_about_its_own_events():
    assert how_wrong(law(name="attacks"), draws=100).categories == ("attack",)
    assert how_wrong(law(name="my own"), draws=100).categories == PARTS["all"][0]
    assert how_wrong(law(name="plain"), draws=100).selection == "plain"
    assert how_wrong(law(name="attacks"), draws=100).selection == "unknown"


def test_the_table_is_tidy_and_the_same_for_the_same_seed():
    one, two = (how_wrong(law(), draws=500, seed=3).table for _ in range(2))
    assert one.equals(two)
    rows = [(phase, source) for phase in PHASES for source in CLASSES]
    assert list(one[["phase", "source"]].itertuples(index=False, name=None)) == rows
    assert [*one.columns] == ["phase", "source", *COLUMNS, "off_by_quarter", "off_by_two"]
    assert (one[list(COLUMNS)].diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    assert (one["off_by_quarter"] > one["off_by_two"]).all()


def test_the_reading_says_what_the_table_says():
    made = how_wrong(law(), draws=500)
    table = made.table.copy()
    told = {("before access", "state"): 0.34, ("0-2 days after", "state"): 0.101,
            ("later", "state"): 0.005, ("0-2 days after", "party"): 0.66}  # fmt: skip
    for (phase, source), share in told.items():
        table.loc[(table["phase"] == phase) & (table["source"] == source), "off_by_two"] = share
    text = replace(made, table=table).reading()
    for said in ("34% (one in three)", "10% (one in ten)", "66% (two in three)", "30 claims on 10"):
        assert said in text
    assert "fewer than 1%" in text
    assert "all kinds of events" in text
    some = how_wrong(law(), categories=["arrests", "war_total"], draws=500).reading()
    assert "events of the kinds arrests, war total" in some


def test_shares_in_words():
    told = [often(share) for share in (0.5, 0.2, 0.072, 0.75, 0.033)]
    assert told == ["50% (one in two)", "20% (one in five)", "7% (one in 15)",
                    "75% (three in four)", "3% (one in 30)"]  # fmt: skip


def test_what_is_unknown_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"no category 'arrest'\. .*arrests.*Use one of"):
        how_wrong(law(), categories=["arrest"])
    with pytest.raises(ValueError, match=r"no selection 'dull'.*famous, known_revision, plain"):
        how_wrong(law(), selection="dull")
    with pytest.raises(ValueError, match="at least one category"):
        how_wrong(law(), categories=[])
    made = how_wrong(law(), draws=100)
    assert isinstance(made, HowWrong)
    with pytest.raises(ValueError, match="no class of source 'un'"):
        made.at("later", "un")
