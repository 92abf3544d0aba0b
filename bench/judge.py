"""How fast and in how much memory trades are judged, beside two peers in the same run.

LIMIT is the least that any engine must do: read every column that the order-level checks need and
make one hash join. The script is what a small firm would write: dictionaries in Python that match
orders, lists and sums, a few of our checks only. Prints medians of runs in turns.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tradeloop.bulk.engine import MEMORY_BYTES_DEFAULT
from tradeloop.economy import papers
from tradeloop.trades.actions import verify

ON = date(2026, 11, 1)
LIMIT = """
select count(*), sum(o.goods_value), max(l.logistics_no), max(l.agent_code), max(l.cop_no)
from read_parquet('{folder}/orders.parquet') as o
join read_parquet('{folder}/lists.parquet') as l
    on l.order_no = o.order_no and l.ebc_code = o.ebc_code
"""


def main() -> None:
    """Make the town, run all sides in turns, print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--trades", type=int, default=100_000, help="default 100,000")
    options.add_argument("--runs", type=int, default=3, help="runs in turns (default 3)")
    options.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.once:
        _judge_once(asked.once)
        return
    with tempfile.TemporaryDirectory(prefix="bench-judge-") as folder:
        town = Path(folder) / "town"
        papers.generate(
            town="hangzhou", trades=asked.trades, seed=1, faults=0.03, form="parquet", into=town,
            lines_min=2, lines_max=2,
        )  # fmt: skip
        rounds = [(_ours(town), _limit(town), _script(town)) for _ in range(asked.runs)]
    ours = [one for one, _, _ in rounds]
    seconds = statistics.median(one["seconds"] for one in ours)
    result = {
        "trades": ours[0]["trades"],
        "trades_a_second": round(ours[0]["trades"] / seconds),
        "peak_mib": max(one["peak_mib"] for one in ours),
        "database_memory_mib": MEMORY_BYTES_DEFAULT // 2**20,
        "times_limit": round(
            statistics.median(us["seconds"] / least for us, least, _ in rounds), 1
        ),
        "times_script": round(statistics.median(us["seconds"] / peer for us, _, peer in rounds), 2),
    }
    print(json.dumps(result, indent=None if asked.json else 2))


def _ours(town: Path) -> dict[str, float]:
    """Judge in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, __file__, "--once", str(town)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _judge_once(town: Path) -> None:
    start = time.perf_counter()
    report = verify([town], purpose="customs", on=ON)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mib": peak // 1024, "trades": report.trades}))


def _limit(town: Path) -> float:
    start = time.perf_counter()
    with duckdb.connect() as con:
        row = con.execute(LIMIT.format(folder=town)).fetchone()
    assert row
    assert row[0] > 0
    return time.perf_counter() - start


def _script(town: Path) -> float:
    """The peer in plain Python: orders, lists and their sums only."""
    start = time.perf_counter()
    orders = _rows(
        town, "orders", ["file", "message", "record", "ebc_code", "order_no", "goods_value"]
    )
    lists = _rows(
        town, "lists", ["file", "message", "record", "ebc_code", "order_no", "logistics_no"]
    )
    sums = defaultdict(int)
    places = ["file", "message", "record", "total_price"]
    for *place, total in _rows(town, "list_lines", places):
        sums[tuple(place)] += total or 0
    by_key = {(firm, number): (place, value) for *place, firm, number, value in orders}
    waybills = set(_rows(town, "waybills", ["logistics_no"]))
    bad = 0
    for *place, firm, number, waybill in lists:
        order = by_key.get((firm, number))
        bad += order is None or (waybill,) not in waybills or sums[tuple(place)] > (order[1] or 0)
    assert bad > 0
    return time.perf_counter() - start


def _rows(town: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    read = pq.read_table(town / f"{table}.parquet", columns=columns)
    return list(zip(*(read[name].to_pylist() for name in columns), strict=True))


if __name__ == "__main__":
    main()
