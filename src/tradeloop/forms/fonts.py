"""Which font the papers are set in: one with Chinese letters, from the system."""

from __future__ import annotations

from functools import cache

import typst

FAMILIES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "SimSun",
)  # fmt: skip
"""The first that is there is used."""


class FontMissing(RuntimeError):
    """No font here has the letters that a paper needs."""


@cache  # looking through the folders of the system takes a tenth of a second
def installed() -> typst.Fonts:
    """Return the fonts of the system, and those that come with Typst."""
    return typst.Fonts()


def chosen() -> str:
    """Return the family in which papers are set.

    Raises:
        FontMissing: None of `FAMILIES` is installed.
    """
    there = set(installed().families())
    for family in FAMILIES:
        if family in there:
            return family
    raise FontMissing(
        "No font with Chinese letters is installed, and papers would show boxes. "
        "On Debian: sudo apt-get install fonts-noto-cjk. Elsewhere install Noto Sans CJK SC."
    )
