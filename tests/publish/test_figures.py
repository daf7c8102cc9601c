"""What Axes hold, and that nothing overlaps or is cut off."""

import itertools
import json

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from PIL import Image

from estimators.evidence.wording import (
    About,
    AtLeast,
    Between,
    Exactly,
    FewerThan,
    MoreThan,
    Nearly,
    OrderOf,
    UpTo,
)
from estimators.publish.credit import credit_of
from estimators.publish.figures import (
    plot_account,
    plot_claims,
    plot_prior,
    plot_sensitivity,
    plot_sources,
)
from estimators.publish.provenance import Plate, write_plate
from estimators.publish.style import figure_of, linear_ticks, round_ticks

WORDINGS = [About, AtLeast, Exactly, FewerThan, MoreThan, Nearly, UpTo]


def wording_number(n):
    if n % 9 == 7:
        return Between(100 + n, 300 + 7 * n)
    return OrderOf("hundreds") if n % 9 == 8 else WORDINGS[n % 9](120 + 13 * n)


@pytest.fixture
def with_claims(make_study, make_claim, make_estimate):
    def made(count):
        claims = [
            make_claim(
                f"c{n}",
                "taken",
                wording_number(n),
                ("watch", "paper", "office")[n % 3],
                network=f"net{n // 4}",
            )
            for n in range(count)
        ]
        claims.append(
            make_claim("r", "taken", About(120), repeats="c0", used=False, why_not="again")
        )
        claims.append(
            make_claim("u", "taken", Exactly(7), used=False, why_not="Another day. " * 20)
        )
        return make_estimate(make_study(*claims))

    return made


def texts_of(figure):
    found = [t for ax in figure.axes for t in ax.texts if t.get_text()]
    for ax in figure.axes:
        found += [t for t in (*ax.get_xticklabels(), *ax.get_yticklabels()) if t.get_text()]
        found += [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    found += [t for legend in figure.legends for t in legend.get_texts()]
    return [t for t in found if t.get_text() and t.get_visible()]


def overlaps(figure):
    """Pairs of texts that lie on one another, and texts that leave the figure."""
    figure.canvas.draw()
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts_of(figure)]
    page = figure.bbox
    off = [
        name
        for name, b in boxes
        if b.x0 < -1 or b.y0 < -1 or b.x1 > page.width + 1 or b.y1 > page.height + 1
    ]
    pairs = [
        (one, two)
        for (one, a), (two, b) in itertools.combinations(boxes, 2)
        if a.shrunk(0.96, 0.9).overlaps(b.shrunk(0.96, 0.9))
    ]
    return pairs + off


@pytest.mark.parametrize("count", [1, 5, 40])
def test_one_row_a_reading_and_no_overlap(with_claims, count):
    estimate = with_claims(count)
    ax = plot_claims(estimate, "taken")
    assert len(ax.get_yticks()) == 1 + count + 1  # the estimate, the readings, what is not used
    assert not overlaps(figure_of(ax))


def test_claims_show_wording_origin_network_date_and_repeats(estimate):
    ax = plot_claims(estimate, "taken")
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows[0] == "Estimated\n90% and 50% interval"
    assert "Harbour Watch\nfield · 15 May 2020" in rows
    beside = [text.get_text() for text in ax.texts]
    assert "at least 150" in beside
    assert "printed by 1 more" in beside
    assert "110–500" in beside


def test_colour_is_shared_by_a_network_only(estimate):
    ax = plot_claims(estimate, "taken")
    points = {line.get_color() for line in ax.lines if line.get_marker() in ("o", "|")}
    assert len(points) == 1


def test_unused_claims_stand_in_grey_with_the_reason(estimate):
    ax = plot_claims(estimate, "lost")
    assert "The number of those taken, relabelled." in [t.get_text() for t in ax.texts]
    assert "not used" in [t.get_text() for t in ax.texts]


def test_what_is_assumed_is_not_called_estimated(estimate):
    ax = plot_claims(estimate, "unclaimed")
    assert ax.get_yticklabels()[0].get_text().startswith("Assumed")


def test_a_share_has_an_axis_in_percent(estimate):
    ax = plot_claims(estimate, "women_share")
    assert ax.get_xscale() == "linear"
    assert ax.get_xlim()[1] <= 100
    figure_of(ax).canvas.draw()
    assert all(label.get_text().endswith("%") for label in ax.get_xticklabels())


def test_it_draws_on_given_axes_and_leaves_settings_alone(estimate):
    before = dict(mpl.rcParams)
    _, ax = plt.subplots()
    assert plot_claims(estimate, "taken", ax) is ax
    assert ax.get_title("left") == "Taken on 14 May 2020"
    assert dict(mpl.rcParams) == before


def test_formulas_in_names_stay_text(make_study, make_claim, make_estimate):
    study = make_study(make_claim("a", "taken", About(5), network="n"), title="x")
    odd = study.sources[0].__class__("watch", r"$\frac{a}$ & $b", "ngo")
    estimate = make_estimate(make_study(*study.claims, sources=(odd, *study.sources[1:])))
    figure_of(plot_claims(estimate, "taken")).canvas.draw()


def test_account_draws_stocks_and_flows(estimate):
    stocks, flows = plot_account(estimate)
    assert [label.get_text().split("\n")[0] for label in flows.get_yticklabels()] == [
        "Taken on 14 May 2020",
        "Taken and not heard of",
    ]
    assert flows.get_yticklabels()[1].get_text().endswith("of these (share assumed)")
    medians = [
        y
        for line in stocks.lines
        if len(line.get_xdata()) == 2
        for y in line.get_ydata()
        if round(y) in (400, 414)
    ]
    assert len(medians) == 2  # the line that joins them
    assert not overlaps(figure_of(stocks))


def test_account_without_stocks_has_one_axes(make_study, make_claim, make_estimate, study):
    flows = tuple(q for q in study.quantities if q.measure != "stock" and q.id != "freed")
    bare = make_study(make_claim("a", "taken", About(5)), quantities=flows, identities=())
    assert len(plot_account(make_estimate(bare))) == 1
    nothing = make_study(
        make_claim("a", "all", About(5)), quantities=flows, identities=(), headline=()
    )
    with pytest.raises(ValueError, match="neither"):
        plot_account(make_estimate(nothing))


def test_sources_has_what_each_adds_and_what_it_hides(estimate, changes):
    left, right = plot_sources(estimate, changes, "taken")
    names = [label.get_text() for label in left.get_yticklabels()]
    assert names == ["Harbour Watch", "The Paper", "network: field", "class: ngo"]
    assert len([line for line in right.lines if line.get_marker() == "D"]) == 4
    assert not overlaps(figure_of(left))


def test_sources_without_changed_fits_has_errors_only(estimate):
    (ax,) = plot_sources(estimate, None, "taken")
    assert len(ax.get_yticklabels()) == 6
    assert not overlaps(figure_of(ax))


def test_sensitivity_has_a_row_a_run_and_marks_what_did_not_converge(changes):
    ax = plot_sensitivity(changes, "taken")
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows[0] == "without Harbour Watch"
    assert rows[-1] == "ranges wide (sd x 1.5) (not converged)"
    assert not overlaps(figure_of(ax))
    with pytest.raises(ValueError, match="no changed fit"):
        plot_sensitivity(changes, "nothing")


def test_sensitivity_leaves_out_the_weakest_and_says_so(changes):
    ax = plot_sensitivity(changes, "taken", most=4)
    assert len(ax.get_yticklabels()) == 4
    assert "3 further fits" in figure_of(ax).get_supxlabel()


def test_prior_before_and_after(prior, estimate):
    ax = plot_prior(prior, estimate)
    assert len(ax.get_yticklabels()) == 2
    assert not overlaps(figure_of(ax))
    assert plot_prior(prior, ids=["women_share"]).get_xlabel() == "percent"
    with pytest.raises(ValueError, match="all counts or all shares"):
        plot_prior(prior, ids=["women_share", "taken"])


def test_files_are_the_same_bytes_and_carry_their_provenance(estimate, tmp_path):
    def write(folder):
        ax = plot_claims(estimate, "taken")
        plate = Plate("claims_taken", ax, "Taken", "A caption.", "In words.")
        return write_plate(plate, tmp_path / folder, credit_of(estimate))

    one, two = write("one"), write("two")
    for end in (".svg", ".png", ".json"):
        assert one.with_suffix(end).read_bytes() == two.with_suffix(end).read_bytes()
    stamp = json.loads(Image.open(one.with_suffix(".png")).text["Description"])
    assert stamp["commit"] == "abc"
    assert "0000000000" in one.read_text("utf-8")
    sidecar = json.loads(one.with_suffix(".json").read_text("utf-8"))
    assert sidecar["alt"] == "In words."
    assert sidecar["provenance"]["commit"] == "abc"


def test_ticks_are_few_and_round():
    assert round_ticks(130, 1400) == [200, 500, 1000]
    assert len(round_ticks(1, 1e7)) <= 8
    assert linear_ticks(0, 3000) == [0, 1000, 2000, 3000]
