"""Where something stands in a file, as one who opens it finds it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
DELIMITED = frozenset({".csv", ".tsv", ".txt"})
POSITION = re.compile(r"(\d+)/(\d+)(?:/(\d+))?", re.ASCII)
TOLD = re.compile(r"\d+/\d+/\d+ \((.*)\)", re.ASCII | re.DOTALL)


def readable(file: str | None, position: str | None) -> str | None:
    """Return a position (sheet or message, row or record, line) in words where the file has rows.

    >>> readable("a.xlsx", "1/15/0"), readable("a.csv", "1/4/2"), readable("a.xml", "1/15/0")
    ('sheet 1, row 15', 'row 4, line in row 2', '1/15/0')
    >>> readable("a.xlsx", "1/15/0 (sheet 交易, cell E15)")
    'sheet 交易, cell E15'
    """
    if not position:
        return None
    if told := TOLD.fullmatch(position):
        return told[1]
    found = POSITION.fullmatch(position)
    if not found or not file:
        return position
    sheet, row, line = found.groups()
    behind = f", line in row {line}" if line and int(line) else ""
    match PurePosixPath(file).suffix.lower():
        case suffix if suffix in WORKBOOKS:
            return f"sheet {sheet}, row {row}{behind}"
        case suffix if suffix in DELIMITED:
            return f"row {row}{behind}"
        case _:
            return position


def readable_papers(papers: str | None) -> str | None:
    """Return a list of papers, one a line (`kind number: file · 1/2`), with places in words.

    >>> readable_papers("MP.trade T1: a.xlsx · 1/2")
    'MP.trade T1: a.xlsx · sheet 1, row 2'
    """
    return papers and "\n".join(map(_paper, papers.split("\n")))


def _paper(text: str) -> str:
    before, between, position = text.rpartition(" · ")
    return f"{before}{between}{readable(before, position)}" if between else text
