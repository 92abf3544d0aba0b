"""A million trades of two lines each are judged within 2 GiB of memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradeloop.economy import papers

KIB_MAX = 2 * 1024 * 1024


@pytest.mark.soak
def test_a_million_trades_fit(tmp_path: Path) -> None:
    papers.generate(
        town="hangzhou", trades=1_000_000, seed=5, faults=0.01, form="parquet",
        into=tmp_path / "town", lines_min=2, lines_max=2,
    )  # fmt: skip
    command = [
        sys.executable, "-m", "tradeloop", "verify", str(tmp_path / "town"), "--on", "2026-11-01",
        "--json",
    ]  # fmt: skip

    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    out, _ = child.communicate()
    peak_kib = resource_of_children()

    assert child.returncode == 0
    assert b'"trades": 1000' in out
    assert peak_kib < KIB_MAX


def resource_of_children() -> int:
    """Return the largest resident size of a finished child, in KiB as Linux counts."""
    import resource  # noqa: PLC0415 - absent where there is no such accounting

    assert os.name == "posix"
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
