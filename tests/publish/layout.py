"""What is wrong with how a figure is laid out, and made-up studies of any number of claims."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from estimators.evidence.claim import Claim, Source
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    FewerThan,
    MoreThan,
    Nearly,
    OrderOf,
    UpTo,
    Verified,
    Wording,
)
from estimators.publish.provenance import DPI
from estimators.publish.style import COLUMN, SMALLEST, WIDTH

ONE_NUMBER = (About, AtLeast, Exactly, FewerThan, MoreThan, Nearly, UpTo, Verified, CouldReach)
LEAST_CONTRAST = 4.5
SOURCES = (
    Source("watch", "Harbour Watch of the Northern and the Western Provinces", "ngo"),
    Source("paper", "The Paper", "media"),
    Source("office", "The Office for Persons who Are Missing or Detained", "official"),
)


def wording(number: int) -> Wording:
    """Every wording in turn, with numbers of one to seven digits."""
    value = float(120 + 13 * number)
    if number % 12 == 9:
        return Between(value, 3.0 * value)
    if number % 12 == 10:
        return BestEstimate(1.5 * value, value, 3.0 * value)
    return OrderOf("hundreds") if number % 12 == 11 else ONE_NUMBER[number % 12](value)


def crowd(many: int) -> tuple[Claim, ...]:
    """So many claims on one quantity: chains of printings, other words, one computed, some unused.

    Of each five the first two are said, the third prints the first, the fourth words that
    otherwise and the fifth is kept without being used.
    """
    return tuple(_member(number) for number in range(many))


def _member(number: int) -> Claim:
    place, first = number % 5, f"c{number - number % 5}"
    day = date(2023, 10, 9) + timedelta(number * number // 3)
    given: dict[str, object] = {
        "network": ("field", "", "coast")[number // 5 % 3],
        "publisher": f"The Daily Harbour Messenger and Intelligencer no. {number}",
    }
    said = wording(number)
    if place in (2, 3):
        said = wording(number - place) if place == 2 else MoreThan(7_000.0 + number)
        given |= {"repeats": first, "used": False, "why_not": "A printing."}
        number -= place
    if place == 4:
        given |= {"used": False, "why_not": "Another day. " * 12, "derived_from": (first,)}
    origin = SOURCES[number // 2 % 3].id
    return Claim(
        f"c{number}" if place not in (2, 3) else f"c{number + place}",
        "taken",
        said,
        origin,
        When(day, day),
        **given,
    )  # type: ignore[arg-type]


def faults(figure: Figure) -> list[str]:
    """What a reader of the printed page would stumble over; nothing where all is well."""
    figure.set_dpi(DPI)  # letters are not equally wide at each
    figure.canvas.draw()
    return [
        *(f"as wide as nothing: {figure.get_figwidth():.2f}" for _ in _odd_width(figure)),
        *_off_page(figure),
        *_on_one_another(figure),
        *(f"too small: {t.get_text()!r}" for t in texts(figure) if t.get_fontsize() < SMALLEST),
        *(f"too pale: {t.get_text()!r}" for t in texts(figure) if contrast(t) < LEAST_CONTRAST),
        *_over_data(figure),
    ]


def texts(figure: Figure) -> list[Text]:
    """All texts that are drawn."""
    found = [*figure.texts]
    for ax in (ax for ax in figure.axes if ax.get_visible()):
        found += [*ax.texts, ax.title, ax._left_title, ax._right_title]
        found += [*_of_axes(ax)]
    legends = [*figure.legends, *(ax.get_legend() for ax in figure.axes if ax.get_legend())]
    found += [t for legend in legends for t in legend.get_texts()]
    return [t for t in found if t.get_visible() and t.get_text().strip()]


def _of_axes(ax: Axes) -> Iterator[Text]:
    for axis in (axis for axis in (ax.xaxis, ax.yaxis) if axis.get_visible()):
        yield axis.label
        yield axis.get_offset_text()
        yield from (tick.label1 for tick in axis._update_ticks())


def contrast(text: Text) -> float:
    """The contrast of a text with white paper, as WCAG reckons it."""
    alpha = 1.0 if text.get_alpha() is None else text.get_alpha()
    channels = (1 - alpha * (1 - c) for c in mpl.colors.to_rgb(text.get_color()))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _odd_width(figure: Figure) -> Iterator[float]:
    if min(abs(figure.get_figwidth() - width) for width in (WIDTH, COLUMN)) > 1e-6:
        yield figure.get_figwidth()


def _off_page(figure: Figure) -> Iterator[str]:
    page = figure.bbox.padded(0.5)
    for text in texts(figure):
        box = text.get_window_extent()
        if not (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1)):
            yield f"off the page: {text.get_text()!r}"


def _on_one_another(figure: Figure) -> Iterator[str]:
    boxes = [(t.get_text(), t.get_window_extent().shrunk(0.97, 0.9)) for t in texts(figure)]
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        if a.overlaps(b):
            yield f"{one!r} on {two!r}"


def _over_data(figure: Figure) -> Iterator[str]:
    shown = [ax for ax in figure.axes if ax.get_visible()]
    legends = [*figure.legends, *(ax.get_legend() for ax in shown if ax.get_legend())]
    for legend, ax in itertools.product(legends, shown):
        if legend.get_window_extent().shrunk(0.99, 0.9).overlaps(ax.get_window_extent()):
            yield "a legend over what is drawn"
