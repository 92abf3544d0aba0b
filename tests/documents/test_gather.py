"""Every file is found once and in a fixed order, and no archive leads anywhere else."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import papers
from tradeloop.documents import gather as module
from tradeloop.documents.gather import Source, Unreadable, gather, read_bytes


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return the bytes of an archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def found(folder: Path) -> list[tuple[str, str | None]]:
    """Return what is found below a folder: names and why they cannot be opened."""
    prefix = folder.as_posix() + "/"
    return [(one.path.removeprefix(prefix), one.because) for one in gather([folder])]


def test_files_come_sorted_by_path_whatever_they_are_called(tmp_path: Path) -> None:
    papers.write(tmp_path, {"b/2.xml": "x", "a.xml": "x", "b/1.txt": "x", "无.xml": "x"})

    assert found(tmp_path) == [
        ("a.xml", None),
        ("b/1.txt", None),
        ("b/2.xml", None),
        ("无.xml", None),
    ]


def test_a_file_that_is_named_twice_is_found_once(tmp_path: Path) -> None:
    papers.write(tmp_path, {"a.xml": "x"})

    assert len(gather([tmp_path, tmp_path / "a.xml", tmp_path])) == 1


def test_members_of_an_archive_are_sources_and_folders_in_it_are_none(tmp_path: Path) -> None:
    papers.write(tmp_path, {"a.zip": zipped({"x/": b"", "x/1.xml": b"one", "2.xml": b"two"})})

    sources = gather([tmp_path])

    assert [one.member for one in sources] == ["2.xml", "x/1.xml"]
    assert [read_bytes(one) for one in sources] == [b"two", b"one"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    "name", ["../a.xml", "/etc/a.xml", "a/../../b.xml", "C:\\a.xml", "..\\a.xml", "c:/a.xml"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    papers.write(tmp_path / "in", {"a.zip": zipped({name: b"evil", "good.xml": b"good"})})

    sources = {one.member: one for one in gather([tmp_path / "in"])}

    [bad] = [one for member, one in sources.items() if member != "good.xml"]
    assert "leads out of the archive" in str(bad.because)
    assert read_bytes(sources["good.xml"]) == b"good"
    with pytest.raises(Unreadable):
        read_bytes(bad)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_name_with_two_dots_in_it_is_fine(tmp_path: Path) -> None:
    papers.write(tmp_path, {"a.zip": zipped({"a..b.xml": b"x"})})

    assert found(tmp_path) == [("a.zip/a..b.xml", None)]


@pytest.mark.parametrize("size", [99, 100, 101])
def test_a_file_or_member_larger_than_we_take_is_refused(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE_BYTES_MAX", 100)
    papers.write(tmp_path, {"a.zip": zipped({"a.xml": os.urandom(size)}), "b.xml": "x" * size})

    assert [because is not None for _, because in found(tmp_path)] == [size > 100, size > 100]


@pytest.mark.parametrize("size", [999, 1_000, 1_001])
def test_all_members_together_have_a_limit(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ARCHIVE_BYTES_MAX", 2_000)
    papers.write(tmp_path, {"a.zip": zipped({"a.xml": b"x" * size, "b.xml": b"x" * size})})

    assert [because is not None for _, because in found(tmp_path)] == [False, size > 1_000]


def test_more_members_than_we_take_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MEMBERS_MAX", 2)
    papers.write(tmp_path, {"a.zip": zipped({f"{n}.xml": b"x" for n in range(3)})})

    told = dict(found(tmp_path))

    assert len(told) == 3
    assert "more than 2 members" in str(told["a.zip/…"])


def test_a_member_that_says_less_than_it_holds_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.write(tmp_path, {"a.zip": zipped({"a.xml": b"x" * 500})})
    source = gather([tmp_path])[0]
    monkeypatch.setattr(module, "FILE_BYTES_MAX", 100)

    with pytest.raises(Unreadable, match="more than the"):
        read_bytes(source)


def test_a_damaged_member_is_unreadable_and_its_neighbours_are_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.xml": b"a" * 500 + os.urandom(200), "b.xml": b"good"}))
    data[60:160] = bytes(100)
    papers.write(tmp_path, {"a.zip": bytes(data)})

    first, second = gather([tmp_path])

    with pytest.raises(Unreadable, match="get it again"):
        read_bytes(first)
    assert read_bytes(second) == b"good"


def test_what_is_not_a_file_is_told_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nowhere")

    told = dict(found(tmp_path))

    assert told["pipe.xml"] == "not a regular file"
    assert "cannot be opened" in str(told["gone.xml"])


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Check the path"):
        gather([tmp_path / "none"])


def test_a_file_that_went_away_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="get it again"):
        read_bytes(Source("a.xml", str(tmp_path / "a.xml")))
