"""A study in Python: what it refuses, what it knows of itself, and runs with less in them."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from estimators.evidence.choices import Override, Waiver
from estimators.evidence.claim import Claim, Source
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import Balance, PartOf, Quantity, Range, Split, SumOf
from estimators.evidence.series import Series
from estimators.evidence.study import Study, assumed_shares, rests_on, status
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    AtLeast,
    Between,
    CouldReach,
    Many,
    Most,
    UpTo,
    Verified,
)

R = Range(1, 1000, "r")
P = Range(10, 60, "r")
Y = When.parse("2023")
ABOUT_600 = About(600)


def flow(id, rule=None):
    return Quantity(id, id.upper(), "flow", rule)


def claim(id="c1", quantity="a", wording=ABOUT_600, origin="s", **rest):
    return Claim(id, quantity, wording, origin, Y, **rest)


def study(**changed):
    given = {
        "title": "T",
        "question": "?",
        "quantities": [flow("a", R), flow("b", R)],
        "sources": [Source("s", "S", "media"), Source("t", "T", "ngo")],
        "claims": [claim(), claim("c2", "b", origin="t", network="n")],
    }
    return Study(**(given | changed))


def refused(**changed):
    with pytest.raises(EvidenceError) as caught:
        study(**changed)
    assert all(problem.remedy.endswith(".") for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


WRONG = [
    ({"title": " "}, "study, title: it is empty."),
    ({"claims": [claim(wording=Most())]}, "claim c1, wording: 'most' is said of a share"),
    ({"claims": [claim(coverage="x")]}, "claim c1, coverage: it is not a coverage"),
    ({"sources": [Source("s", "S", "un", "", "a "), Source("t", "T", "ngo")]}, "source s, side:"),
    ({"quantities": [flow("a", R), replace(flow("b", R), side=" b")]}, "quantity b, side: spaces"),
    ({"quantities": [flow("a", R), replace(flow("b", R), unit="a\tb")]}, "quantity b, unit: it is"),
    ({"access": "shut"}, "study, access: unknown access. Got 'shut'."),
    ({"headline": ["z"]}, "study, headline: it is not a quantity"),
    ({"claims": []}, "claims: no claim is used."),
    ({"claims": [claim(), 5]}, "study, claims[1]: it is not a Claim. Got '5'."),
    ({"headline": [5]}, "study, headline[0]: it is not a str."),
    ({"claims": [claim(), claim()]}, "claim c1, id: the id stands 2 times."),
    ({"claims": [claim("a b")]}, "claim a b, id: it cannot be an id."),
    ({"claims": [claim(wording=600)]}, "claim c1, wording: it is of the wrong type. Got '600'."),
    ({"claims": [replace(claim(), published="2023")]}, "claim c1, published: it is of the wrong"),
    ({"claims": [claim(derived_from=["x"])]}, "claim c1, derived_from: it is of the wrong type"),
    ({"claims": [replace(claim(), since="2022")]}, "claim c1, since: it is of the wrong type"),
    ({"claims": [claim(method="guess")]}, "claim c1, method: it is no method."),
    ({"claims": [claim(network="n ")]}, "claim c1, network: spaces stand around it."),
    ({"claims": [claim(notes="\ud800")]}, "claim c1, notes: it holds a character that is none"),
    ({"claims": [claim(quote="a" * 10_001)]}, "claim c1, quote: it is 10,001 characters long"),
    ({"claims": [claim(archived_url="x")]}, "claim c1, archived_url: it is not a web address."),
    ({"quantities": [flow("a", R), flow("b", R), flow("b", R)]}, "quantity b, id: the id stands"),
    ({"quantities": [flow("a", R), flow("b", SumOf(()))]}, "quantity b, sum_of: a sum needs parts"),
    ({"quantities": [flow("a", R), replace(flow("b", R), label="")]}, "quantity b, label: it is"),
    ({"quantities": [flow("a", R), replace(flow("b", R), measure="x")]}, "quantity b, measure:"),
    ({"quantities": [flow("a", R), replace(flow("b", R), access="x")]}, "quantity b, access:"),
    ({"sources": [Source("s", "S", "x"), Source("t", "T", "ngo")]}, "source s, class: unknown"),
    ({"sources": [Source("s", "", "un"), Source("t", "T", "ngo")]}, "source s, name: it is empty"),
    ({"overrides": [Override("x", 1.0, " ")]}, "assumption x, reason: it needs a reason."),
    ({"waivers": [Waiver("x", "")]}, "waiver x, reason: it needs a reason."),
]


@pytest.mark.parametrize(("changed", "begins"), WRONG)
def test_wrong_parts_are_refused_by_name(changed, begins):
    (problem,) = refused(**changed)
    assert problem.startswith(begins)


def test_splits_of_shares_and_double_definitions_are_refused():
    share = Quantity("p", "P", "share", P)
    parts = (("b", Range(20, 60, "r")), ("p", Range(40, 80, "r")))
    problems = refused(
        quantities=[flow("a", R), flow("b", R), share], identities=[Split("x", "a", parts)]
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "quantity b",
        "quantity p",
        "split x, parts",
    ]


def test_a_part_of_a_split_has_no_middle():
    parts = (("l", Range(20, 60, "r", 50)), ("r", Range(40, 80, "r")))
    quantities = [flow("a", R), flow("b", R), flow("l"), flow("r")]
    (problem,) = refused(quantities=quantities, identities=[Split("x", "a", parts)])
    assert problem.startswith("split x, parts.l.middle: the share of a part of a split has no")


@pytest.mark.parametrize(
    ("made", "column"),
    [
        (flow("a", Range(100, 4000, "r", 3800)), "middle"),
        (flow("a", Range(100, 4000, "r", 110)), "middle"),
        (Quantity("a", "A", "share", Range(20, 90, "r", 88)), "middle"),
        (Quantity("a", "A", "share", Range(50, 99, "r", 90)), ""),
        (flow("a", Range(100, 4000, "r", 250)), ""),
    ],
)
def test_a_middle_near_an_end_is_refused(made, column):
    whole = () if made.measure == "flow" else (flow("w", PartOf("b", "a")),)
    quantities = [made, flow("b", R), *whole]
    if not column:
        assert study(quantities=quantities, claims=[claim(quantity="b")])
        return
    (problem,) = refused(quantities=quantities, claims=[claim(quantity="b")])
    assert problem.startswith(f"quantity a, {column}: its middle is so near one end")


def test_a_used_claim_on_a_share_of_nothing_is_refused():
    share = Quantity("p", "P", "share", P)
    about = claim("c3", "p", About(50))
    (problem,) = refused(quantities=[flow("a", R), flow("b", R), share], claims=[claim(), about])
    assert problem.startswith("claim c3, quantity: it is a share of nothing")
    part = flow("w", PartOf("a", "p"))
    quantities = [flow("a", R), flow("b", R), share, part]
    most = claim("c4", "p", Most())
    assert study(quantities=quantities, claims=[claim(), about, most]).claims[1:] == (about, most)
    unused = replace(about, used=False, why_not="nobody's share")
    assert study(quantities=quantities[:3], claims=[claim(), unused]).claims[1] == unused


def test_lists_become_tuples_and_a_study_is_frozen():
    made = study(headline=["a"])
    assert (made.headline, type(made.claims)) == (("a",), tuple)
    with pytest.raises(FrozenInstanceError):
        made.title = "other"
    with pytest.raises(FrozenInstanceError):
        made.claims[0].used = False


def test_an_unknown_quantity_is_told_with_the_nearest():
    with pytest.raises(EvidenceError, match="Did you mean 'returned'"):
        study(quantities=[flow("a", R), flow("b", R), flow("returned", R)]).quantity("returnd_")
    assert study().quantity("a").label == "A"


def test_event_and_access_fall_back_on_the_study():
    own = replace(flow("a", R), event="storm", access="slow")
    made = study(quantities=[own, flow("b", R)], name="here", access="closed")
    assert (made.event_of("a"), made.event_of("b")) == ("storm", "here")
    assert (made.access_of("a"), made.access_of("b")) == ("slow", "closed")


def copies(*links):
    """Return a study whose claims repeat one another: links are (id, id of the repeated)."""
    repeated = [claim(id, repeats=of, used=False) for id, of in links]
    return study(claims=[claim(), *repeated])


def test_printings_are_found_along_chains_in_their_order():
    made = copies(("c4", "c3"), ("c2", "c1"), ("c3", "c2"), ("c5", "c1"))
    assert [c.id for c in made.printings("c1")] == ["c4", "c2", "c3", "c5"]
    assert [c.id for c in made.printings("c2")] == ["c4", "c3"]
    assert made.printings("c4") == ()
    assert {made.root(id) for id in ("c1", "c2", "c3", "c4", "c5")} == {"c1"}


def test_a_chain_of_thousands_of_printings_is_followed():
    made = copies(*((f"c{i + 1}", f"c{i}") for i in range(1, 5000)))
    assert made.root("c5000") == "c1"
    assert len(made.printings("c1")) == 4999


def test_a_floor_and_its_ceiling_are_one_reading():
    pair = [claim("f", wording=AtLeast(500)), claim("t", wording=UpTo(900), pairs_with="f")]
    made = study(claims=[*pair, claim("x")])
    assert [(c.id, c.wording) for c in made.readings] == [
        ("f", Between(500, 900)),
        ("x", About(600)),
    ]
    assert made.without(claim="f").readings[0].wording == UpTo(900)
    assert made.without(claim="t").readings[0].wording == AtLeast(500)


@pytest.mark.parametrize(
    "chosen", [{"origin": "t"}, {"network": "n"}, {"source_class": "ngo"}, {"claim": "c2"}]
)
def test_leaving_out_and_keeping_only(chosen):
    made = study()
    left, kept = made.without(**chosen), made.only(**chosen)
    assert [c.id for c in left.claims if c.used] == ["c1"]
    assert [c.id for c in kept.claims if c.used] == ["c2"]
    assert {c.id for c in left.claims} == {"c1", "c2"}
    assert left.claim_by_id["c2"].why_not == "left out of this run"
    assert all(c.used for c in made.claims)


def test_leaving_out_what_is_not_there_or_everything_is_refused():
    with pytest.raises(EvidenceError, match="Got 'x'"):
        study().without(origin="x")
    with pytest.raises(EvidenceError, match="no used claim would be left"):
        study(claims=[claim()]).without(origin="s")


def test_what_a_quantity_rests_on_and_what_is_known_of_it():
    share, other = Quantity("p", "P", "share", P), flow("other", R)
    rules = {"b": PartOf("a", "p"), "c": PartOf("b", P), "sum": SumOf(("a", "other"))}
    made = study(
        quantities=[flow("a", R), share, other, *(flow(id, rule) for id, rule in rules.items())],
        claims=[claim(quantity="b")],
    )
    assert rests_on(made, "c") == {"a", "b", "c", "p"}
    known = {quantity.id: status(made, quantity.id) for quantity in made.quantities}
    assert known["b"] == "claimed"
    assert {known[id] for id in ("a", "c", "sum")} == {"through identities"}
    assert known["other"] == "assumed"
    assert assumed_shares(made, "c") == ("c",)
    assert assumed_shares(made, "a") == ()


def test_what_quantities_count():
    share, tanks = Quantity("p", "P", "share", P), replace(flow("tanks", R), unit="tanks")
    quantities = [flow("a", R), share, flow("b", PartOf("a", "p")), tanks]
    made = study(quantities=[*quantities, flow("old", PartOf("tanks", P))])
    assert [made.unit_of(id) for id in ("a", "b", "p")] == ["persons", "persons", "percent"]
    assert made.unit_of("tanks", "old") == "tanks"
    assert made.unit_of("tanks", "a") == "count"
    with pytest.raises(EvidenceError, match="no such quantity"):
        made.unit_of("z")


def test_identities_are_kept_with_the_splits_first():
    stock = [Quantity(id, id, "stock", R if id == "y" else None) for id in "xy"]
    split = Split("s", "a", (("l", Range(20, 60, "r")), ("r", Range(40, 80, "r"))))
    balance = Balance("m", "x", "y", ("a",))
    quantities = [flow("a", R), flow("b", R), flow("l"), flow("r"), *stock]
    made = study(quantities=quantities, identities=[balance, split])
    assert made.identities == (split, balance)
    assert made.identity_of == {"l": split, "r": split, "x": balance}
    assert made.order.index("a") < made.order.index("l")


def test_a_page_escapes_what_people_wrote():
    nasty = "<script>alert(1)</script>"
    made = study(title=nasty, question=nasty, claims=[claim(publisher=nasty)])
    page = made._repr_html_()
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 3


def over_time(**days):
    clock = Series("war", When.parse("2022").start, Y.end)
    quantities = [replace(flow("a", R), series="war"), flow("b", R)]
    counted = claim(**{key: When.parse(text) for key, text in days.items()})
    return study(quantities=quantities, claims=[counted], series=[clock])


def test_a_page_tells_the_days_that_a_claim_counts_where_it_says_since_when():
    assert "<td>2023</td>" in over_time()._repr_html_()
    page = over_time(since="2022-03", as_of="2022-05")._repr_html_()
    assert "<td>2023, of 2022-03-01 to 2022-05-31</td>" in page
    one_day = over_time(since="2022-03-08", as_of="2022-03-08")._repr_html_()
    assert "<td>2023, of 2022-03-08</td>" in one_day


def test_the_days_of_a_claim_are_known_where_its_quantity_runs():
    made = over_time(since="2022-03")
    assert made.window(made.claims[0]) == When.parse("2022-03/2023")
    assert study().window(claim()) is None


def test_parts_that_were_checked_make_the_same_study():
    made = over_time()
    parts = {field.name: getattr(made, field.name) for field in fields(made)}
    assert Study.of_checked(**parts) == made
    assert Study.of_checked(**{**parts, "claims": list(made.claims)}).claims == made.claims
    with pytest.raises(AssertionError, match="no study has x"):
        Study.of_checked(**parts, x=1)


def test_the_kinds_of_a_claim():
    assert claim(wording=AtLeast(5)).is_floor
    assert claim(wording=UpTo(5)).is_ceiling
    assert not claim().is_floor
    assert not claim().is_ceiling
    assert not claim(wording=Many()).says_a_number
    assert claim(wording=Most()).says_a_number
    assert claim(wording=CouldReach(5)).is_forecast
    assert not claim().is_forecast
    assert not claim(wording=Verified(5)).is_floor
    assert claim().speaks_for == Y
    assert claim(as_of=When.parse("2022")).speaks_for == When.parse("2022")
