"""Rows are found by every key that they hold, and a batch is in the index whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradeloop.store.index import BLOCK_ROWS, Index, key_of


def test_rows_are_found_by_their_keys(tmp_path: Path) -> None:
    rows = [[str(number), None, "名"] for number in range(3 * BLOCK_ROWS + 1)]
    index = Index(tmp_path / "index.sqlite")
    with index.adding(1):
        first = index.add_rows("orders", iter([[json.dumps(row) for row in rows]]))
        index.add_keys((key_of("order", row[0] or ""), first + n) for n, row in enumerate(rows))

    for row in rows:
        [place] = index.places(key_of("order", row[0] or ""))
        assert index.row(place) == ("orders", row)
    assert not index.places(key_of("order", "none"))


def fail(index: Index) -> None:
    """Begin a batch, and break off."""
    with index.adding(1):
        index.add_rows("orders", iter([["[]"]]))
        index.add_keys([(1, BLOCK_ROWS)])
        raise ValueError("broken")


def test_a_batch_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")

    with pytest.raises(ValueError, match="broken"):
        fail(index)

    assert index.batches == 0
    assert not index.places(1)


def test_what_is_there_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")
    with index.adding(1):
        index.add_files([("ab", 7, "one.xml", 1)])
        index.add_origins([(7,)])
    index.close()

    again = Index(tmp_path / "index.sqlite")

    assert again.batches == 1
    assert again.knows("ab")
    assert again.files(7) == [("ab", "one.xml", 1)]
    assert again.has_rows_of(7)
    assert not again.has_rows_of(8)
