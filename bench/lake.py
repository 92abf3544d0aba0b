"""One late paper comes into a lake: how long until its trade's new verdict is kept.

Beside it in the same run: the same trade judged by the bulk engine over the papers that hang
together with it, and every trade judged anew.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import duckdb

from tradeloop.economy import papers
from tradeloop.trades.lake import few, keys
from tradeloop.trades.lake.add import add
from tradeloop.trades.lake.compact import compact
from tradeloop.trades.lake.neighbours import Neighbours
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.subset import judge_rows

ON, AT = date(2026, 11, 1), datetime(2026, 11, 1, 9)  # noqa: DTZ001 - local time
LATE, WARM_UP = 200, 10  # the first ones make the plans
PEER_CALLS = 5
MESSAGE = """<ceb:CEB604Message guid="{guid}" version="1.0" xmlns:ceb="http://www.chinaport.gov.cn/ceb">
<ceb:InventoryReturn><ceb:guid>{guid}</ceb:guid><ceb:agentCode>{agent_code}</ceb:agentCode>
<ceb:copNo>{cop_no}</ceb:copNo><ceb:preNo>B20261031000000001</ceb:preNo>
<ceb:ebcCode>{ebc_code}</ceb:ebcCode><ceb:ebpCode>{ebp_code}</ceb:ebpCode>
<ceb:orderNo>{order_no}</ceb:orderNo><ceb:statisticsFlag>B</ceb:statisticsFlag>
<ceb:returnStatus>{status}</ceb:returnStatus><ceb:returnTime>20261031120000000</ceb:returnTime>
<ceb:returnInfo>late</ceb:returnInfo></ceb:InventoryReturn></ceb:CEB604Message>
"""


def main() -> None:
    """Make a lake, or take one, and bring late answers to random lists."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--trades", type=int, default=50_000)
    wishes.add_argument("--lake", type=Path, help="a lake that is there already")
    wishes.add_argument("--json", action="store_true")
    asked = wishes.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        judge = stack.enter_context(few.few())
        lake = stack.enter_context(Lake(asked.lake or folder / "lake", judge))
        found: dict[str, float] = {}
        if asked.lake is None:
            found |= filled(lake, folder, asked.trades)
        found |= measured(lake, folder)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:34} {value:12.2f}")


def filled(lake: Lake, folder: Path, trades: int) -> dict[str, float]:
    """Fill the lake with a town, and compact it."""
    papers.generate(
        town="hangzhou", trades=trades, seed=5, faults=0.01, form="parquet", into=folder / "town"
    )
    started = time.perf_counter()
    add(lake, [folder / "town"], purposes=["customs"], on=ON, made_at=AT)
    added = time.perf_counter()
    compact(lake, made_at=AT)
    return {"add s": added - started, "compact s": time.perf_counter() - added}


def measured(lake: Lake, folder: Path) -> dict[str, float]:
    """Bring late papers one by one; judge the same trades by the bulk engine, and all of them."""
    times: list[float] = []
    peer: list[float] = []
    lake.ready().warm()
    for number, (path, order_no) in enumerate(late(lake, folder / "late")):
        started = time.perf_counter()
        added = add(lake, [path], purposes=["customs"], on=ON, made_at=AT, workers=1)
        times.append(time.perf_counter() - started)
        [judgement] = added.judgements
        assert judgement.judged, "the late paper touched its trade"
        if number < PEER_CALLS:
            started = time.perf_counter()
            near = Neighbours(lake.index)
            near.of(keys.trade_keys(order_no))
            lake.few, warm = None, lake.few
            judge_rows(lake, near.tables(), purpose="customs", on=ON)
            lake.few = warm
            peer.append(time.perf_counter() - started)
    started = time.perf_counter()
    with lake.judged(purpose="customs", on=ON) as done:
        [(trades,)] = done.con.execute("select count(*) from verdicts").fetchall()
    everything = time.perf_counter() - started
    times = times[WARM_UP:]
    p50 = statistics.median(times)
    return {
        "trades in the lake": trades,
        "late paper p10 ms": statistics.quantiles(times, n=10)[0] * 1000,
        "late paper p50 ms": p50 * 1000,
        "late paper p90 ms": statistics.quantiles(times, n=10)[-1] * 1000,
        "bulk engine, same papers × p50": statistics.median(peer) / p50,
        "every trade judged anew × p50": everything / p50,
    }


def late(lake: Lake, into: Path) -> Iterator[tuple[Path, str]]:
    """Yield late answers to random lists of the lake, as files."""
    into.mkdir()
    paths = ", ".join(f"'{path}'" for path in lake.parts()["lists"])
    columns = ("agent_code", "cop_no", "ebc_code", "ebp_code", "order_no")
    lists = duckdb.execute(
        f"select {', '.join(columns)} from read_parquet([{paths}], union_by_name = true) "  # noqa: S608 - our own words
        f"using sample reservoir({LATE + WARM_UP} rows) repeatable (7)"
    ).fetchall()
    r = random.Random(7)
    for number, row in enumerate(lists):
        path = into / f"{number}.xml"
        status = r.choice(("100", "500", "700", "800"))
        guid = f"{r.getrandbits(128):036x}"
        said = dict(zip(columns, row, strict=True))
        path.write_text(MESSAGE.format(**said, guid=guid, status=status), encoding="utf-8")
        yield path, said["order_no"]


if __name__ == "__main__":
    main()
