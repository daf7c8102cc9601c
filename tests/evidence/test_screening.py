"""Screening: what is proposed, what is not, and what is already settled."""

import pytest

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import PartOf, Quantity, Range
from estimators.evidence.screening import screen
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    AtLeast,
    Between,
    CouldReach,
    Exactly,
    Many,
    MoreThan,
    OrderOf,
)

R = Range(1, 90, "r")
ABOUT_600 = About(600)


def screened(*claims):
    quantities = [Quantity(id, id, id, R) for id in ("flow", "stock", "share", "cumulative")]
    quantities.append(Quantity("part", "part", "flow", PartOf("flow", "share")))
    sources = [Source(id, id, "media") for id in "stu"]
    always = Claim("always", "flow", About(7), "s", When.parse("1999"))
    return screen(Study("T", "?", quantities, sources, (always, *claims)))


def said(id, wording=ABOUT_600, origin="s", published="2023-10-10", quantity="flow", **rest):
    return Claim(id, quantity, wording, origin, When.parse(published), **rest)


def found(screening, kind):
    return [(f.claims, f.settled) for f in screening.findings if f.kind == kind]


FIRST = said("first")


def test_a_later_claim_of_the_same_number_is_proposed_as_a_copy():
    later = said("later", origin="t", published="2023-10-12")
    (finding,) = screened(later, FIRST).findings
    assert (finding.kind, finding.claims, finding.settled) == ("copy", ("first", "later"), False)
    assert "write repeats = first and used = no" in finding.proposal
    assert "rarely found twice" not in finding.why


def test_a_number_that_is_not_round_is_rarely_found_twice():
    one, other = said("one", About(617)), said("other", About(617), "t", "2023-10-12")
    (finding,) = screened(one, other).findings
    assert "rarely found twice" in finding.why


@pytest.mark.parametrize(
    "later",
    [
        said("later", origin="t", published="2023-10-12", method="enumeration"),
        said("later", origin="s", published="2023-10-12"),
        said("later", About(601), "t", "2023-10-12"),
        said("later", origin="t", published="2023-10-12", quantity="cumulative"),
        said("later", origin="t", published="2023-10-12", used=False, why_not="x"),
        said("later", OrderOf("hundreds"), "t", "2023-10-12"),
    ],
    ids=["own method", "same origin", "other number", "other quantity", "unused", "no number"],
)
def test_no_copy(later):
    assert found(screened(FIRST, later), "copy") == []


def test_a_shared_network_settles_a_copy_but_not_of_another_network():
    one, two = said("one", network="n"), said("two", origin="t", network="n")
    assert found(screened(one, two), "copy") == [(("one", "two"), True)]
    other = said("other", origin="u", published="2023-10-09", network="m")
    assert (("other", "two"), False) in found(screened(one, two, other), "copy")


def test_each_claim_is_proposed_once_however_many_say_the_same():
    claims = [said(f"c{i}", origin="stu"[i % 3]) for i in range(30)]
    assert len(found(screened(*claims), "copy")) == 29


def copy(id, wording, of, **rest):
    return said(id, wording, repeats=of, used=False, **rest)


def test_hedges_that_drift_are_shown_along_the_chain():
    chain = [copy("b", AtLeast(600), "first"), copy("c", AtLeast(600), "b")]
    chain += [copy("d", MoreThan(600), "c"), copy("e", AtLeast(700), "c")]
    assert found(screened(FIRST, *chain), "drift") == [
        (("first", "b"), True),
        (("c", "d"), True),
        (("c", "e"), True),
    ]


@pytest.mark.parametrize(
    ("wording", "drifts"),
    [(About(600), False), (Exactly(600), False), (Many(), True), (OrderOf("hundreds"), True)],
)
def test_what_counts_as_drift(wording, drifts):
    assert bool(found(screened(FIRST, copy("b", wording, "first")), "drift")) is drifts


def stock(number, origin="s", published="2023-10-09"):
    return said("held", AtLeast(number), origin, published, "stock")


@pytest.mark.parametrize(
    ("number", "origin", "flow_origin", "is_shown"),
    [
        (2600, "s", "t", True),
        (2000, "s", "t", False),
        (2000, "s", "s", True),
        (26, "s", "s", False),
    ],
    ids=["rare number", "round number", "round, same origin", "too small"],
)
def test_a_stock_that_stands_for_a_flow(number, origin, flow_origin, is_shown):
    flow = said("taken", About(number), flow_origin)
    expected = [(("held", "taken"), False)] if is_shown else []
    assert found(screened(flow, stock(number, origin)), "stock for flow") == expected


def test_a_stock_said_later_or_already_dealt_with():
    after = stock(2600, published="2023-10-11")
    assert found(screened(said("taken", About(2600)), after), "stock for flow") == []
    unused = said("taken", Between(2600, 3000), used=False, why_not="x", quantity="cumulative")
    assert found(screened(stock(2600), unused), "stock for flow") == [(("held", "taken"), True)]


def test_forecasts_and_fractions():
    ahead = said("ahead", About(11), as_of=When.parse("2023-11"))
    same = said("same", About(13), as_of=When.parse("2023-10-10"))
    fraction = said("fraction", About(0.7), quantity="share")
    screening = screened(ahead, same, fraction, said("percent", About(70), quantity="share"))
    assert found(screening, "forecast") == [(("ahead",), False)]
    feared = said("feared", CouldReach(11), as_of=When.parse("2023-11"))
    assert found(screened(feared), "forecast") == [(("feared",), True)]
    assert found(screening, "small share") == [(("fraction",), False)]


def test_open_findings_come_first_and_are_counted():
    settled = [FIRST, copy("b", AtLeast(600), "first")]
    screening = screened(*settled, said("later", origin="t", published="2023-10-12"))
    assert [finding.settled for finding in screening.findings] == [False, True]
    assert len(screening.open) == 1
    assert str(screening).endswith("1 to look at, 1 already settled.")
    assert len(str(screening).splitlines()) == 2


def test_a_page_escapes_the_findings():
    page = screened(FIRST, copy("b", AtLeast(600), "first"))._repr_html_()
    assert "&#x27;about 600&#x27;" in page
    assert page.count("<tr>") == 2


def test_the_north_korea_study(north_korea):
    screening = screen(north_korea)
    assert [finding.kind for finding in screening.open] == ["copy"] + ["part above whole"] * 2
    assert screening.open[0].claims[1] == "oct_asiae_500"
    assert screening.open[1].claims == ("oct_tjwg_onsong300_lt", "oct_dailynk_200")
    assert screening.open[2].claims == ("apr24_jang_200", "apr24_hrw_60")
    kinds = {finding.kind for finding in screening.findings}
    assert {"copy", "drift", "stock for flow"} <= kinds
    drifts = {finding.claims for finding in screening.findings if finding.kind == "drift"}
    assert ("oct_hrw_500", "oct_hrw_500_uca") in drifts
    assert ("oct_hrw_500", "oct_hrw_500_reuters") not in drifts
