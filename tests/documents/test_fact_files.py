"""Facts that come as Parquet are read in place when they fit, and refused with a reason if not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import papers
from tradeloop.documents.fact_files import FactFile, look
from tradeloop.documents.facts import tables
from tradeloop.documents.gather import gather
from tradeloop.documents.read import read
from tradeloop.trades.actions import verify

ROW = {"file": 1, "message": 1, "record": 1, "order_no": "A1", "ebc_code": papers.SELLER}


def orders() -> pa.Table:
    """Return a table of one order."""
    return pa.Table.from_pylist([ROW], tables()["orders"])


def looked(folder: Path, name: str, table: pa.Table) -> FactFile:
    """Write a table and look at it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    [source] = gather([path])
    return look(source)


@pytest.mark.parametrize("name", ["orders.parquet", "orders-0001.parquet", "orders/part.parquet"])
def test_a_table_is_known_by_the_name_of_its_file_or_folder(name: str, tmp_path: Path) -> None:
    found = looked(tmp_path, name, orders())

    assert (found.status, found.table) == ("read", "orders")
    assert found.records == {"CEB303": 1}
    assert found.digest


def test_a_table_may_name_itself(tmp_path: Path) -> None:
    named = orders().replace_schema_metadata({"tradeloop.table": "orders"})

    assert looked(tmp_path, "some.parquet", named).table == "orders"


def test_answers_are_counted_by_their_kind(tmp_path: Path) -> None:
    row = {"file": 1, "message": 1, "record": 1}
    kinds = ("CEB604", "CEB604", "CEB304")
    answers = pa.Table.from_pylist([{**row, "kind": kind} for kind in kinds], tables()["answers"])

    assert looked(tmp_path, "answers.parquet", answers).records == {"CEB604": 2, "CEB304": 1}


def test_a_table_of_no_name_that_we_know_is_kept(tmp_path: Path) -> None:
    found = looked(tmp_path, "weather.parquet", pa.table({"rain": [1]}))

    assert (found.status, found.table, found.records) == ("kept", None, {})


def cast(column: str, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    """Return a change of one column to another type, without values."""

    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(column)
        return table.set_column(place, column, pa.nulls(table.num_rows, kind))

    return change


UNFIT: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "no place": (lambda t: t.drop_columns(["record"]), "column record is missing"),
    "an amount as a float": (
        cast("goods_value", pa.float64()),
        "column goods_value has type double",
    ),
    "an amount as text": (cast("goods_value", pa.string()), "column goods_value has type string"),
    "a finer amount": (cast("goods_value", pa.decimal128(19, 6)), "column goods_value"),
    "a larger amount": (cast("goods_value", pa.decimal128(20, 5)), "column goods_value"),
    "a number of text": (cast("order_no", pa.int64()), "column order_no has type int64"),
    "a time as text": (cast("app_time", pa.string()), "column app_time"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_a_table_that_does_not_fit_is_unreadable_and_says_which_column(
    case: str, tmp_path: Path
) -> None:
    change, because = UNFIT[case]

    found = looked(tmp_path, "orders.parquet", change(orders()))

    assert found.status == "unreadable"
    assert because in str(found.because)
    assert found.records == {}


FITS: dict[str, Callable[[pa.Table], pa.Table]] = {
    "a smaller amount": cast("goods_value", pa.decimal128(12, 2)),
    "a column of nothing": cast("goods_value", pa.null()),
    "a column that is not there": lambda t: t.drop_columns(["note"]),
    "a column that we do not know": lambda t: t.append_column("colour", pa.array(["red"])),
    "long texts": cast("note", pa.large_string()),
    "texts by dictionary": lambda t: t.set_column(
        t.schema.get_field_index("note"), "note", pa.array(["x"]).dictionary_encode()
    ),
    "times in milliseconds": cast("app_time", pa.timestamp("ms")),
    "columns in another order": lambda t: t.select(list(reversed(t.column_names))),
}


@pytest.mark.parametrize("case", FITS)
def test_a_table_whose_values_all_fit_is_read(case: str, tmp_path: Path) -> None:
    found = looked(tmp_path, "orders.parquet", FITS[case](orders()))

    assert (found.status, found.because) == ("read", None)

    report = verify([tmp_path], purpose="customs", on=date(2026, 9, 1))
    assert report.trades == 1


def test_a_file_that_only_claims_to_be_parquet_is_unreadable(tmp_path: Path) -> None:
    papers.write(tmp_path, {"orders.parquet": b"PAR1 not really PAR1", "empty.parquet": b""})

    for source in gather([tmp_path]):
        found = look(source)
        assert found.status == "unreadable"
        assert "get it again" in str(found.because)


def test_parquet_in_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    data, whole = io.BytesIO(), io.BytesIO()
    pq.write_table(orders(), data)
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("orders.parquet", data.getvalue())
    papers.write(tmp_path / "in", {"all.zip": whole.getvalue()})

    batch = read(gather([tmp_path / "in"]), into=tmp_path / "facts")

    [outcome] = batch.outcomes
    assert outcome.status == "unreadable"
    assert "unpack the archive" in str(outcome.because)
    assert batch.tables == {}
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["all.zip"]


def test_a_table_is_read_in_place_and_not_copied(tmp_path: Path) -> None:
    looked(tmp_path / "in", "orders.parquet", orders())

    batch = read(gather([tmp_path / "in"]), into=tmp_path / "facts")

    assert batch.tables == {"orders": [str(tmp_path / "in" / "orders.parquet")]}
    assert not (tmp_path / "facts" / "orders").exists()


def test_an_unfit_table_beside_a_good_one_spoils_nothing(tmp_path: Path) -> None:
    looked(tmp_path, "orders.parquet", orders())
    looked(tmp_path, "lists.parquet", pa.table({"file": ["x"]}))

    report = verify([tmp_path], purpose="customs", on=date(2026, 9, 1))

    assert (report.files, report.read, len(report.unreadable)) == (2, 1, 1)
    assert report.trades == 1
