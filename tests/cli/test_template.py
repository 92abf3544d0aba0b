"""`tradeloop template` writes forms that can be filled in, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tradeloop.cli.main import app
from tradeloop.documents.papers import paper_kinds

RUN = CliRunner()


def test_without_a_kind_it_lists_them() -> None:
    done = RUN.invoke(app, ["template"])

    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(paper_kinds())


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("xlsx", ["MP.trade.xlsx"]),
        ("csv", ["MP.trade-lines.csv", "MP.trade.csv"]),
        ("jsonl", ["MP.trade.jsonl"]),
    ],
)
def test_it_writes_the_form_that_is_asked_for(form: str, names: list[str], tmp_path: Path) -> None:
    done = RUN.invoke(app, ["template", "MP.trade", "--as", form, "--out", str(tmp_path / "new")])

    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names


def test_an_unknown_kind_and_a_file_that_is_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "contract.xlsx").write_text("mine")

    unknown = RUN.invoke(app, ["template", "nothing"])
    there = RUN.invoke(app, ["template", "contract", "--out", str(tmp_path)])

    assert (unknown.exit_code, there.exit_code) == (2, 2)
    assert "MP.trade" in unknown.stderr
    assert (tmp_path / "contract.xlsx").read_text() == "mine"
