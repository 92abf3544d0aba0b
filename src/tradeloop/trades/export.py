"""The results leave as Parquet and CSV for programs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import CSVWriter

from tradeloop.trades.whole import whole

# Each result with the table that it is and the order of its rows.
RESULTS = {
    "verdicts": ("verdicts", "trade"),
    "findings": (
        "findings", "trade nulls last, code, file nulls first, position, field, seen, expected"
    ),
    "owed": ("owed", "trade"),
    "records": ("records", "kind"),
    "files": ("files", "path"),
    "evidence": ("kept_evidence", "path, trade nulls last"),
}  # fmt: skip
# There are some fifteen links for each trade: they are joined, sorted and written so many trades
# at a time. Trades are numbered in the order of their names.
LINKS = """
select t.trade, l.link, l.status, l.left_seen as left, l.right_seen as right, l.tolerance
from trade_links as l
join trade as t on t.trade_id = l.trade_id
where l.trade_id > ? and l.trade_id <= ?
order by t.trade, l.link
"""
TRADES_A_CHUNK = 50_000


def write_tables(con: duckdb.DuckDBPyConnection, into: Path) -> list[Path]:
    """Write each result as Parquet and as CSV, sorted; each file whole or not at all.

    Raises:
        DiskFull: There was no room; files written before stay, the cut one does not.
    """
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (table, order) in RESULTS.items():
        for suffix, options in (("parquet", "format parquet"), ("csv", "format csv, header")):
            with whole(into / f"{name}.{suffix}") as beginning:
                where = str(beginning).replace("'", "''")
                con.execute(
                    f"copy (select * from {table} order by {order}) to '{where}' ({options})"
                )
            written.append(into / f"{name}.{suffix}")
    with whole(into / "links.parquet") as parquet, whole(into / "links.csv") as csv:
        _write_links(con, parquet, csv)
    return [*written, into / "links.parquet", into / "links.csv"]


def _write_links(con: duckdb.DuckDBPyConnection, parquet: Path, csv: Path) -> None:
    last = con.execute("select coalesce(max(trade_id), 0) from trade").fetchall()[0][0]
    names = ("trade", "link", "status", "left", "right", "tolerance")
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(parquet, schema) as tables, CSVWriter(csv, schema) as texts:
        for start in range(0, last, TRADES_A_CHUNK):
            asked = con.sql(LINKS, params=[start, start + TRADES_A_CHUNK])
            chunk: pa.Table = asked.to_arrow_table()
            tables.write_table(chunk.cast(schema))
            texts.write_table(chunk.cast(schema))
