"""Colours that stand for different things differ for readers of all kinds of colour vision.

Colour vision deficiency at its full strength is simulated by the matrices of Machado, Oliveira &
Fernandes (2009), doi:10.1109/TVCG.2009.113, on linear RGB; how far two colours look apart is told
in CIELAB (CIE 1976).
"""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from estimators.publish.style import BLUE, DARK_RED, MUTED, NARROW_BAND, PALETTE, WIDE_BAND

SEEN = {
    "all colours": np.eye(3),
    "no red (protanopia)": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green (deuteranopia)": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue (tritanopia)": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
APART = 10.0  # five times what a trained eye just sees


def lab(colour, seen):
    given = np.array(to_rgb(colour))
    linear = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(SEEN[seen] @ linear, 0.0, 1.0) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize(
    "group",
    [PALETTE, (BLUE, DARK_RED, MUTED), (WIDE_BAND, NARROW_BAND, BLUE, "#ffffff")],
    ids=["sources", "estimate and others", "bands"],
)
def test_colours_of_a_group_look_apart(group, seen):
    for one, other in combinations(group, 2):
        distance = np.linalg.norm(lab(one, seen) - lab(other, seen))
        assert distance > APART, f"{one} and {other} differ by {distance:.1f} for {seen}"


def test_white_is_white_and_two_reds_are_confused_by_the_right_readers():
    assert lab("white", "all colours") == pytest.approx([100.0, 0.0, 0.0], abs=0.1)
    red, green = "#c05050", "#7d7d40"  # told apart by red against green alone
    full = np.linalg.norm(lab(red, "all colours") - lab(green, "all colours"))
    less = np.linalg.norm(
        lab(red, "no green (deuteranopia)") - lab(green, "no green (deuteranopia)")
    )
    assert less < 0.6 * full
