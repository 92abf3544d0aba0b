"""What is wrong and where: the answers that a judge of the papers is measured by."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from tradeloop.economy.papers.negatives import oddities
from tradeloop.economy.papers.trade import Trade

TRUTH = ("trade", "fault", "code", "masked_by")
ODD = ("trade", "kind")
TRUTH_FILE, ODD_FILE = "truth.csv", "hard_negatives.csv"


def truths(trade: Trade) -> list[tuple[str, str, str, str]]:
    """Return the rows for a trade's faults; a fault that takes two trades has a row for each.

    A list under another firm's name opens a trade of that firm, which exists only by the fault:
    it has a row of its own.
    """
    names = {fault.name for fault in trade.plan.faults}
    rows = []
    for fault in trade.plan.faults:
        hidden_by = next((name for name in fault.masked_by if name in names), "")
        rows.append((trade.key, fault.name, fault.code, hidden_by))
        if fault.paired:
            rows.append((trade.before.key, fault.name, fault.code, ""))
        if fault.name == "seller-differs":
            rows += [(key, fault.name, code, "") for key, code in trade.ghosts]
    return rows


def odd(trade: Trade) -> list[tuple[str, str]]:
    """Return the rows for a clean trade that looks odd."""
    return [(trade.key, kind) for kind in oddities(trade)]


def write(
    into: Path, truth: Iterable[tuple[str, ...]], negatives: Iterable[tuple[str, ...]]
) -> Path:
    """Write `truth.csv` and `hard_negatives.csv`, sorted; return the path of the first."""
    for name, header, rows in ((TRUTH_FILE, TRUTH, truth), (ODD_FILE, ODD, negatives)):
        with into.joinpath(name).open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(header)
            table.writerows(sorted(rows))
    return into / TRUTH_FILE
