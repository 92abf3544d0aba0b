"""A place in a file reads as one who opens the file finds it."""

from __future__ import annotations

import pytest

from tradeloop.trades.places import readable, readable_papers

PLACES = [
    ("a/交易.xlsx", "1/15/0", "sheet 1, row 15"),
    ("a/交易.XLSM", "2/10/11", "sheet 2, row 10, line in row 11"),
    ("流水.csv", "1/4/0", "row 4"),
    ("a.zip/流水.csv", "1/4", "row 4"),
    ("台账.xlsx", "1/2/0 (sheet 交易 (1), cell T2)", "sheet 交易 (1), cell T2"),
    ("CEB303.xml", "1/22/0", "1/22/0"),
    ("a.xlsx", None, None),
    (None, "1/2/0", "1/2/0"),
]


@pytest.mark.parametrize(("file", "position", "expected"), PLACES)
def test_a_place_is_said_in_words_where_the_file_has_rows(
    file: str | None, position: str | None, expected: str | None
) -> None:
    assert readable(file, position) == expected


def test_the_papers_of_a_trade_keep_their_lines() -> None:
    papers = "MP.trade T · 1: a · b.xlsx · 1/2\nCEB303 O: m.xml · 1/3\ncontract P: none"

    assert readable_papers(papers) == (
        "MP.trade T · 1: a · b.xlsx · sheet 1, row 2\nCEB303 O: m.xml · 1/3\ncontract P: none"
    )
    assert readable_papers(None) is None
