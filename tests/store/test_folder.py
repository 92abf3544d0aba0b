"""A batch is in the lake whole or not at all, and one writer waits for another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tradeloop.store.folder import LakeFolder, LakeMissing, Manifest


def bring(lake: LakeFolder, text: str, *, replaces: int = 0) -> Manifest:
    """Commit a batch of one part."""
    with lake.incoming() as (number, made):
        (made / "one.parquet").write_text(text)
        part = lake.take_in(made / "one.parquet", table="orders", number=number, day="d", rows=1)
        manifest = Manifest(number=number, made_at="now", parts=(part,), replaces=replaces)
        lake.commit(manifest)
    return manifest


def test_only_what_a_manifest_names_is_seen(tmp_path: Path) -> None:
    lake = LakeFolder(tmp_path)
    with lake.locked():
        first = bring(lake, "a")
        with lake.incoming() as (number, made):
            (made / "two.parquet").write_text("b")
            lake.take_in(made / "two.parquet", table="orders", number=number, day="d", rows=1)

            assert lake.parts() == first.parts


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    lake = LakeFolder(tmp_path)
    with lake.locked():
        first = bring(lake, "a")
    left = tmp_path / "orders" / "d" / "00000002-left.parquet"
    left.write_text("half")
    (tmp_path / "incoming" / "half").write_text("half")

    with LakeFolder(tmp_path).locked():
        pass

    assert not left.exists()
    assert not list((tmp_path / "incoming").iterdir())
    assert (tmp_path / first.parts[0].path).exists()


def fail(lake: LakeFolder) -> None:
    """Begin a batch, and run out of room."""
    with lake.incoming() as (number, made):
        (made / "one.parquet").write_text("a")
        lake.take_in(made / "one.parquet", table="orders", number=number, day="d", rows=1)
        raise OSError("no room")


def test_what_went_wrong_leaves_nothing(tmp_path: Path) -> None:
    lake = LakeFolder(tmp_path)
    with lake.locked(), pytest.raises(OSError, match="no room"):
        fail(lake)

    assert not list(tmp_path.glob("*/*/*.parquet"))
    assert not lake.manifests()


def test_a_compaction_stands_for_the_batches_before_it(tmp_path: Path) -> None:
    lake = LakeFolder(tmp_path)
    with lake.locked():
        first, second = bring(lake, "a"), bring(lake, "b")
        merged = bring(lake, "ab", replaces=2)
        last = bring(lake, "c")
        lake.remove_replaced()

    assert lake.parts() == LakeFolder(tmp_path).parts() == (*merged.parts, *last.parts)
    assert not (tmp_path / first.parts[0].path).exists()
    assert not (tmp_path / second.parts[0].path).exists()


def test_a_second_writer_says_that_it_waits(tmp_path: Path) -> None:
    told = threading.Event()
    lake = LakeFolder(tmp_path)

    def write_too() -> None:
        second = LakeFolder(tmp_path)
        with second.locked(waiting=told.set):
            bring(second, "b")

    with lake.locked():
        other = threading.Thread(target=write_too)
        other.start()
        assert told.wait(10)
        bring(lake, "a")
    other.join()

    assert [one.number for one in lake.manifests()] == [1, 2]


def test_what_is_no_lake_is_told(tmp_path: Path) -> None:
    with pytest.raises(LakeMissing, match="tradeloop lake add"):
        LakeFolder(tmp_path / "none").manifests()
