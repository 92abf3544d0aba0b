"""`make docs`: the reference pages that are made from the program itself."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
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
FOREVER = date.max


def findings_csv() -> str:
    """Return every finding code with its weight, link, check, meaning, remedy and source."""
    asked_by: dict[str, str] = {}
    for check in checks():
        for code in check.codes:
            asked_by[code] = " ".join(filter(None, (asked_by.get(code), f"{check.name}.sql")))
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    table.writeheader()
    for row in sorted(catalogue(FOREVER), key=lambda row: row["code"]):
        by_default = "requirements" if row["link"] else "readers"
        table.writerow({**row, "asked_by": asked_by.get(row["code"], by_default)})
    return out.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1], "findings.csv").write_text(findings_csv(), encoding="utf-8")
