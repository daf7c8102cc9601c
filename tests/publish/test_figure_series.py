"""What a picture of time holds: every hedge as such, sources that grey tells apart, no overlap."""

import itertools
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import LineCollection
from matplotlib.path import Path as Outline

from estimators.evidence.claim import Source
from estimators.evidence.wording import About, AtLeast, Between, Exactly, UpTo
from estimators.publish.credit import Credit
from estimators.publish.figure_panels import plot_all_series
from estimators.publish.figure_series import plot_series
from estimators.publish.provenance import Plate, write_plate
from estimators.publish.style import figure_of
from estimators.publish.time_marks import ARROW_DOWN, ARROW_UP, MARKERS, looks_of
from estimators.publish.tracks import MOST_VOICES, heard
from tests.publish.series_study import (
    STOCKS,
    estimate_over_time,
    one_of_each,
    over_time_study,
    said,
)
from tests.publish.test_figures import overlaps

COLUMN = 85 / 25.4  # inches


@pytest.fixture
def estimate():
    return estimate_over_time(over_time_study())


def many(number):
    kinds = (Exactly, About, AtLeast, UpTo)
    claims = []
    for n in range(number):
        value = 200 + 37 * n % 900
        wording = Between(value, 2 * value) if n % 5 == 4 else kinds[n % 5](value)
        origin = ("post", "watch", "office")[n % 3]
        claims.append(said(f"c{n}", wording, 1 + n * 67 // number, origin))
    return estimate_over_time(over_time_study(claims))


def marked(ax, marker):
    """How many places are marked so; an arrow is a path of its own."""
    lines = [line for line in ax.lines if is_same(line.get_marker(), marker)]
    return sum(len(line.get_xdata()) for line in lines)


def is_same(one, other):
    if isinstance(one, Outline) or isinstance(other, Outline):
        return one is other
    return one == other


def legend_box(figure, ax):
    legend = figure.legends[0] if figure.legends else ax.get_legend()
    return legend.get_window_extent()


@pytest.mark.parametrize("number", [1, 12, 400])
@pytest.mark.parametrize("width", [None, COLUMN])
def test_nothing_overlaps_and_all_is_inside(number, width):
    estimate = many(number)
    if width is None:
        ax = plot_series(estimate, "returned")
    else:
        _, own = plt.subplots(figsize=(width, 3.6), layout="constrained")
        ax = plot_series(estimate, "returned", ax=own)
    figure = figure_of(ax)
    assert not overlaps(figure)
    box = legend_box(figure, ax)
    assert not box.overlaps(ax.get_window_extent())
    assert box.x1 <= figure.bbox.x1 + 1
    assert box.y0 >= -1
    assert not box.overlaps(ax.xaxis.get_tightbbox())


def test_every_hedge_is_drawn_as_such(estimate):
    ax = plot_series(estimate, "returned")
    assert marked(ax, ARROW_UP) == 2  # at least, and a verified part
    assert marked(ax, ARROW_DOWN) == 1
    bars = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert sum(len(bar.get_segments()) for bar in bars) == 2  # a range and a word
    assert sum(bar.get_linestyle()[0][1] is not None for bar in bars) == 1  # the word is dashed
    halves = [line for line in ax.lines if line.get_fillstyle() == "bottom"]
    assert len(halves) == 1  # about
    names = [text.get_text() for text in figure_of(ax).legends[0].get_texts()]
    assert names[0] == "estimate, 50% and 90%"
    for name in ("“about”", "“at least”, or verified", "“up to”", "a range", "a word’s meaning"):
        assert name in names


def test_the_readings_lie_inside_the_axes(estimate):
    ax = plot_series(estimate, "returned")
    low, high = ax.get_ylim()
    for track in heard(estimate.study, "returned").totals:
        for claim in track.points:
            wording = claim.wording
            ends = [
                getattr(wording, name)
                for name in ("value", "low", "high")
                if hasattr(wording, name)
            ]
            assert all(low < number < high for number in ends)


def test_sources_differ_in_shape_and_keep_it_on_all_pictures(estimate):
    looks = looks_of(f"source {n}" for n in range(MOST_VOICES))
    assert len({look.marker for look in looks.values()}) == MOST_VOICES == len(MARKERS)
    shapes = []
    for id in ("returned", "killed"):
        figure = figure_of(plot_series(estimate, id))
        handles = figure.legends[0].legend_handles
        names = [text.get_text() for text in figure.legends[0].get_texts()]
        shapes.append(
            {n: h.get_marker() for n, h in zip(names, handles, strict=True) if "Office" in n}
        )
    assert shapes[0] == shapes[1]


def test_a_running_total_is_one_line_with_few_markers(estimate):
    ax = plot_series(estimate, "killed")
    lines = [line for line in ax.lines if len(line.get_xdata()) == 60]
    assert [line.get_marker() for line in lines] == ["None"]
    dots = [line for line in ax.lines if line.get_marker() in MARKERS and line.get_ls() == "None"]
    assert 2 <= sum(len(line.get_xdata()) for line in dots) <= 8


def test_what_is_not_used_is_hollow_and_what_lies_outside_is_counted(estimate):
    ax = plot_series(estimate, "returned")
    (hollow,) = [line for line in ax.lines if line.get_markerfacecolor() == "none"
                 and not isinstance(line.get_marker(), Outline)]  # fmt: skip
    assert list(hollow.get_ydata()) == [640]
    assert "1 claim not used outside the picture" in ax.get_xlabel()
    assert ax.get_ylim()[1] < 90_000


def test_windows_stand_at_their_count_a_week(estimate):
    ax = plot_series(estimate, "killed", new=True)
    places = [
        (x, y) for line in ax.lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    heights = sorted({round(float(y)) for _, y in places})
    assert 175 in heights  # 25 on one day
    assert 71 in heights  # the middle of 100 to 200, over two weeks
    assert "Windows stand at their count a week" in ax.get_xlabel()
    assert "2 readings of single windows" in plot_series(estimate, "killed").get_xlabel()
    assert not overlaps(figure_of(ax))


def test_the_estimate_is_drawn_with_two_bands_from_zero(estimate):
    ax = plot_series(estimate, "returned")
    line = next(line for line in ax.lines if line.get_color() == "#0072B2")
    assert line.get_ydata()[0] == 0.0
    assert round(line.get_ydata()[-1]) == 900
    assert ax.get_ylabel() == "persons so far"
    assert "by 12 Mar 2023: " in ax.get_title("left")


def test_a_wide_spread_is_logarithmic():
    claims = [said("a", Exactly(3), 5), said("b", Exactly(900), 60)]
    ax = plot_series(estimate_over_time(over_time_study(claims)), "returned")
    assert ax.get_yscale() == "log"
    assert ax.get_ylabel().endswith("logarithmic")
    assert all(y > 0 for line in ax.lines for y in line.get_ydata())


def test_a_stock_stands_on_its_days_and_has_nothing_new(estimate):
    ax = plot_series(estimate, STOCKS[0])
    assert ax.get_ylabel() == "persons on the day"
    with pytest.raises(ValueError, match="is a stock"):
        plot_series(estimate, STOCKS[0], new=True)


def test_what_does_not_run_over_time_is_refused(estimate):
    with pytest.raises(ValueError, match=r"does not run over time\. Those that do: "):
        plot_series(estimate, "share")


def test_many_sources_become_classes():
    study = over_time_study()
    kinds = ("media", "ngo", "official")
    sources = tuple(Source(f"s{n}", f"S {n}", kinds[n % 3]) for n in range(20))
    claims = tuple(said(f"c{n}", Exactly(300 + n), 3 * n, f"s{n}") for n in range(20))
    made = replace(study, sources=sources, claims=claims)
    names = {track.name for track in heard(made, "returned").totals}
    assert names == {"class media", "class ngo", "class official"}


@pytest.mark.parametrize("extra", [0, 23])
def test_panels_for_all_that_runs(extra):
    estimate = estimate_over_time(over_time_study(one_of_each(), extra))
    axes = plot_all_series(estimate)
    assert len(axes) == 7 + extra
    figure = figure_of(axes[0])
    assert figure.get_figheight() < 11.0  # inches, of a page
    figure.canvas.draw()
    titles = [ax._left_title.get_window_extent() for ax in axes]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(titles, 2))
    assert all(t.x0 >= -1 and t.x1 <= figure.bbox.x1 + 1 for t in titles)
    assert len({ax.get_yscale() for ax in axes}) == 1
    assert not any(legend_box(figure, axes[0]).overlaps(ax.get_tightbbox()) for ax in axes)


def test_new_panels_leave_stocks_out(estimate):
    assert len(plot_all_series(estimate, new=True)) == 6
    with pytest.raises(ValueError, match="no quantity"):
        plot_all_series(estimate, [])


def test_files_are_the_same_bytes(estimate, tmp_path):
    def write(folder):
        plate = Plate("series", plot_series(estimate, "returned"), "Title", "Caption.", "Words.")
        return Path(write_plate(plate, tmp_path / folder, Credit()))

    one, two = write("one"), write("two")
    assert one.read_bytes() == two.read_bytes()
