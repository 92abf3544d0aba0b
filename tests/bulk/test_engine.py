"""The engine keeps within its memory, spills to its folder and says so when the disk is full."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb
import pytest

from tradeloop.bulk.disk import NO_ROOM, DiskFull, as_disk_full
from tradeloop.bulk.engine import engine

MIB = 1 << 20


def setting(con: duckdb.DuckDBPyConnection, name: str) -> object:
    """Return one setting of the engine."""
    found = con.execute("select current_setting(?)", [name]).fetchone()
    assert found is not None
    return found[0]


def test_memory_and_threads_are_bounded_and_the_spill_lies_in_the_folder(tmp_path: Path) -> None:
    with engine(tmp_path / "db", on_disk=True, memory_bytes=200 * MIB, threads=1) as con:
        assert setting(con, "memory_limit") == "190.7 MiB"  # the engine counts in millions
        assert setting(con, "threads") == 1
        assert setting(con, "temp_directory") == str(tmp_path / "db" / "spill")
        assert setting(con, "preserve_insertion_order") is False


def test_nothing_is_fetched_from_anywhere(tmp_path: Path) -> None:
    with engine(tmp_path / "db", on_disk=True) as con:
        assert setting(con, "autoinstall_known_extensions") is False
        assert setting(con, "autoload_known_extensions") is False


def test_what_does_not_fit_in_memory_is_spilled_to_the_folder(tmp_path: Path) -> None:
    spilled = 0
    with engine(tmp_path / "db", on_disk=True, memory_bytes=60 * MIB, threads=1) as con:
        con.execute(
            "create table big as "
            "select hash(range) as k, repeat('x', 20) as t from range(2000000) order by k"
        )
        spilled = sum(one.stat().st_size for one in (tmp_path / "db").rglob("*") if one.is_file())
        assert con.execute("select count(*) from big").fetchone() == (2_000_000,)

    assert spilled > 10 * MIB
    assert {path.name for path in tmp_path.iterdir()} == {"db"}


def test_memory_that_is_too_small_is_the_engines_own_error(tmp_path: Path) -> None:
    with pytest.raises(duckdb.OutOfMemoryException), engine(
        tmp_path / "db", on_disk=False, memory_bytes=8 * MIB, threads=1
    ) as con:  # fmt: skip
        con.execute("select list(repeat('x', 1000) || range) from range(1000000)").fetchall()


def test_an_error_of_a_question_passes_as_it_is(tmp_path: Path) -> None:
    with (
        pytest.raises(duckdb.CatalogException, match="nowhere"),
        engine(tmp_path / "db", on_disk=True) as con,
    ):
        con.execute("select * from nowhere")


def test_the_database_is_closed_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(duckdb.Error), engine(tmp_path / "db", on_disk=True) as con:
        con.execute("select * from nowhere")

    with engine(tmp_path / "db", on_disk=True) as again:
        assert again.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("number", NO_ROOM)
def test_no_room_is_told_with_the_place_and_what_to_do(number: int, tmp_path: Path) -> None:
    for error in (
        OSError(number, os.strerror(number)),
        duckdb.IOException(f"Could not write file: {os.strerror(number)}"),
    ):
        told = as_disk_full(error, tmp_path)

        assert isinstance(told, DiskFull)
        assert str(tmp_path) in str(told)
        assert "Make room" in str(told)


@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "no"), duckdb.IOException("no such file"), ValueError("x")]
)
def test_another_error_stays_what_it_is(error: Exception, tmp_path: Path) -> None:
    assert as_disk_full(error, tmp_path) is error


def test_a_full_disk_in_the_middle_of_a_question_becomes_disk_full(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="Make room"), engine(tmp_path / "db", on_disk=True):
        raise duckdb.IOException(f"Could not write: {os.strerror(errno.ENOSPC)}")
