"""`make docs`: the reference pages that are made from the program itself."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from tradeloop.trades.judge import checks
from tradeloop.trades.terms import catalogue

COLUMNS = (
    "code",
    "weight",
    "link",
    "asked_by",
    "meaning",
    "remedy",
    "meaning_zh",
    "remedy_zh",
    "source",
)
REFUSAL_COLUMNS = ("code", "meaning", "remedy", "meaning_zh")
FOREVER = date.max


def findings_csv() -> str:
    """Return every finding code with its weight, link, check, meaning, remedy and source."""
    asked_by: dict[str, str] = {}
    for check in checks():
        for code in check.codes:
            asked_by[code] = " ".join(filter(None, (asked_by.get(code), f"{check.name}.sql")))
    rows = [
        {**row, "asked_by": asked_by.get(row["code"], "requirements" if row["link"] else "readers")}
        for row in catalogue(FOREVER)
    ]
    return _table(rows, COLUMNS)


def refusals_csv() -> str:
    """Return every code by which the registry refuses, with meaning and remedy."""
    text = files("tradeloop.registry").joinpath("refusals.csv").read_text(encoding="utf-8")
    return _table(csv.DictReader(text.splitlines()), REFUSAL_COLUMNS)


def _table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore", restval="")
    table.writeheader()
    table.writerows(sorted(rows, key=lambda row: str(row["code"])))
    return out.getvalue()


if __name__ == "__main__":
    for name, text in (("findings.csv", findings_csv()), ("refusals.csv", refusals_csv())):
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
