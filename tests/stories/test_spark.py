"""The same SQL text gives the same rows on Spark, where one machine is too small."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tradeloop.bulk.questions import questions
from tradeloop.documents import facts
from tradeloop.economy import papers
from tradeloop.trades import terms
from tradeloop.trades.actions import judged

pyspark_sql = pytest.importorskip(
    "pyspark.sql", reason="Spark is not installed: uv pip install pyspark, and a Java 17"
)
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java 17"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own, about its own dependencies
]

ON = date(2026, 11, 1)
PACKAGE = "tradeloop.trades"
FOUND = ("trade_id", "code", "file", "message", "record", "line", "field", "seen", "expected")


class Spark:
    """Just enough of an engine to ask our questions: tables are Parquet files with a view."""

    def __init__(self, folder: Path) -> None:
        """Start a session that keeps its files below `folder`."""
        self.folder = folder
        self.session: Any = (
            pyspark_sql.SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            .getOrCreate()
        )

    def put(self, name: str, table: pa.Table) -> None:
        """Give a table a view under its name."""
        plain = {
            field.name: table[field.name].cast(pa.string())
            if pa.types.is_dictionary(field.type)
            else table[field.name]
            for field in table.schema
        }
        path = self.folder / f"{name}.parquet"
        pq.write_table(pa.table(plain), path, coerce_timestamps="us")
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)

    def ask(self, folder: str) -> None:
        """Ask the questions of one folder, each answer a table for the next."""
        for question in questions(PACKAGE, folder):
            path = str(self.folder / f"answer_{question.table}")
            self.session.sql(question.sql).write.mode("overwrite").parquet(path)
            self.session.read.parquet(path).createOrReplaceTempView(question.table)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        return [tuple(row) for row in self.session.sql(sql).collect()]


def judge_on_spark(spark: Spark, town: Path) -> tuple[list[tuple[object, ...]], Counter[object]]:
    schemas = {**facts.tables(), "told": facts.TOLD, "files": facts.FILES, "counts": facts.COUNTS}
    for name, schema in schemas.items():
        path = town / f"{name}.parquet"
        spark.put(
            name, pq.read_table(path, schema=schema) if path.exists() else schema.empty_table()
        )
    for name, table in terms.tables(ON, "customs").items():
        spark.put(name, table)
    spark.ask("1_stand")
    spark.ask("2_join")
    seen = [
        (str(kind), str(code)) for kind, code in spark.rows("select kind, code from codes_seen")
    ]
    spark.put("code_standings", terms.code_standings(seen))
    spark.put("firm_codes", terms.malformed_firm_codes(seen))
    found = [row for check in questions(PACKAGE, "3_checks") for row in spark.rows(check.sql)]
    spark.put("found", pa.table(dict(zip(FOUND, map(list, zip(*found, strict=True)), strict=True))))
    spark.ask("4_links")
    spark.ask("5_judge")
    return spark.rows("select * from verdicts"), Counter((row[1], *row[6:]) for row in found)


def test_spark_gives_the_same_rows(tmp_path: Path) -> None:
    town = tmp_path / "town"
    papers.generate(town="hangzhou", trades=500, seed=9, faults=0.3, form="parquet", into=town)
    with judged([town], purpose="customs", on=ON) as done:
        verdicts = done.con.execute("select * from verdicts").fetchall()
        found = done.con.execute("select code, field, seen, expected from found").fetchall()
    (tmp_path / "spark").mkdir()

    on_spark, found_on_spark = judge_on_spark(Spark(tmp_path / "spark"), town)

    assert sorted(map(str, on_spark)) == sorted(map(str, verdicts))
    assert found_on_spark == Counter(found)
