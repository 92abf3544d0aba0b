"""A secret is made once, whole, and for the eyes of its home's owner only."""

from __future__ import annotations

import itertools
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tradeloop.store.secret_file import kept

SOMEBODY = 12_345


def test_a_secret_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.key"
    first, again = kept(path, lambda: b"first"), kept(path, lambda: b"second")

    assert first == again == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_many_that_come_first_at_once_end_with_one_secret(tmp_path: Path) -> None:
    numbers = itertools.count()
    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(lambda _: kept(tmp_path / "a.key", lambda: b"%d" % next(numbers)), range(64))
        )

    assert len(set(told)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]


def test_a_secret_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise RuntimeError("no chance here")

    with pytest.raises(RuntimeError):
        kept(tmp_path / "a.key", fails)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work in another user's home")
def test_what_root_makes_in_anothers_home_is_that_users(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, SOMEBODY, SOMEBODY)

    kept(home / "keys" / "one.key", lambda: b"secret")

    assert {path.stat().st_uid for path in home.rglob("*")} == {SOMEBODY}
