from itertools import combinations

import numpy as np
import pytest

from dehliz.report import style as styles
from dehliz.report.style import CORRIDOR, LAND, MODE, PAPER, SEA, contrast, style_corridor, style_mode

# Machado, Oliveira and Fernandes (2009), IEEE TVCG 15, 1291-1298: severity 1.0, for linear RGB.
DEFICIENCY = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "none": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
}  # fmt: skip


def to_lab(colour, deficiency):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(DEFICIENCY[deficiency]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_contrast_of_known_colours():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("ground", [LAND, SEA])
def test_lines_stand_out_from_land_and_sea(ground):
    for style in [*CORRIDOR.values(), *MODE.values()]:
        assert contrast(style.colour, ground) >= 3.0, style
    for colour in styles.SPARE_COLOURS:
        assert contrast(colour, ground) >= 3.0, colour


def test_texts_stand_out():
    for style in CORRIDOR.values():
        assert contrast(style.colour, PAPER) >= 4.5, style
    for words, ink, ground in styles.BASIS.values():
        assert contrast(ink, ground) >= 4.5, words
    for words, fill, ink in styles.PHASE.values():
        assert contrast(fill, ink) >= 4.5, words
    for ink in (styles.INK, styles.MUTED):
        assert min(contrast(ink, ground) for ground in (PAPER, LAND, SEA)) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCY)
def test_corridors_differ_by_colour_or_dash_for_everybody(deficiency):
    for (first, a), (other, b) in combinations(CORRIDOR.items(), 2):
        apart = np.linalg.norm(to_lab(a.colour, deficiency) - to_lab(b.colour, deficiency))
        assert apart >= 10.0 or a.dash != b.dash, (deficiency, first, other, apart)


def test_unknown_corridors_and_modes_get_a_steady_line():
    assert style_corridor("some_new_way") == style_corridor("some_new_way")
    assert style_corridor("middle_btk") is CORRIDOR["middle_btk"]
    assert style_mode("teleport").colour
    assert set(styles.MODE_ORDER) == set(MODE)
