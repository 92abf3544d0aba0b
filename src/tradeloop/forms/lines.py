"""The lines of a calculation in two languages: the rules speak English, our words Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tradeloop.kit.explained import Explained, Line

NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?: [A-Z]{3}\b)?")
"""A count or an amount, in the order in which a line says them."""

PLACE = re.compile(r"\{(-?\w+)(%?)\}")
"""`{1}` is the first number that the line says, `{-1}` the last, `{cap_basis}` a term."""


def lines(explained: Explained, words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each line with what it says and its clause, both in both languages.

    Args:
        explained: What a rule has worked out.
        words: `lines` holds, by code, `says` and `clause` in Chinese; a code that is not there, or
            one that now says fewer numbers than its words ask for, is shown in English.
    """
    return [_line(one, words.get("lines", {}), words.get("terms", {})) for one in explained.lines]


def percent(share_bp: int) -> str:
    """Write basis points as a percentage, exactly: 4,525 is 45.25 %."""
    whole, rest = divmod(share_bp, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + " %"


def _line(line: Line, by_code: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    words = by_code.get(line.code, {})
    return {
        "code": line.code,
        "says": {"zh": _filled(words.get("says", ""), line) or line.says, "en": line.says},
        "clause": {"zh": words.get("clause", line.clause), "en": line.clause},
        "terms": [
            {"zh": names.get(name, _plain(name)), "en": _plain(name), "value": _value(name, value)}
            for name, value in line.terms
        ],
    }


def _filled(template: str, line: Line) -> str:
    """Put a line's own numbers into its Chinese words; empty if they do not fit."""
    numbers = NUMBER.findall(line.says)
    terms = {name: _value(name, value) for name, value in line.terms}
    try:
        return PLACE.sub(lambda place: _at(place, numbers, terms), template)
    except (IndexError, KeyError):
        return ""


def _at(place: re.Match[str], numbers: Sequence[str], terms: Mapping[str, str]) -> str:
    name, is_share = place.groups()
    if not name.lstrip("-").isdigit():
        return terms[name]
    number = numbers[int(name) - 1 if int(name) > 0 else int(name)]
    return _value("_bp", number) if is_share else number


def _plain(name: str) -> str:
    return name.removesuffix("_bp").replace("_", " ")


def _value(name: str, value: str) -> str:
    """Write basis points as percentages; other terms as the scheme has them."""
    if not name.endswith("_bp"):
        return value
    return re.sub(r"\d+", lambda one: percent(int(one[0])), value)
