"""Verdicts depend on what the papers say, never on how they were cut into files."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from cutting import Loose, Said, loosened, said, written
from trade_cases import customs, gaps, goods, parcels, parties, versions
from trade_cases.build import Trade, write

import papers
from tradeloop.economy.papers import generate
from tradeloop.trades.actions import judged

ON = date(2026, 9, 1)
TOWN_CUTS, CASES_CUTS = 3, 2
ALL_CASES = (
    *parties.CASES.values(), *parcels.CASES.values(), *goods.CASES.values(),
    *customs.CASES.values(), *gaps.CASES.values(), *versions.CASES.values(),
)  # fmt: skip


def judge(folder: Path) -> Said:
    """Judge a folder."""
    with judged([folder], purpose="customs", on=ON, workers=1) as done:
        return said(done.con)


def recut(records: Sequence[Loose], into: Path, r: random.Random) -> None:
    """Write the records anew: other files, other messages, another order, perhaps in archives."""
    shuffled = list(records)
    r.shuffle(shuffled)
    waiting: dict[str, list[Loose]] = {}
    texts = []
    for record in shuffled:
        held = waiting.setdefault(record.kind, [])
        held.append(record)
        if r.random() < 1 / 8:
            texts.append(written(held, record.kind, r))
            held.clear()
    texts += [written(held, kind, r) for kind, held in waiting.items() if held]
    files: dict[str, str] = {}
    while texts:
        several = 1 if r.random() < 2 / 3 else r.randint(2, 4)
        name = f"{r.choice('abcxyz')}/{r.getrandbits(64):016x}.xml"
        files[name] = "".join(texts.pop() for _ in range(min(several, len(texts))))
    if r.random() < 1 / 2:
        papers.write(into, files)
        return
    into.mkdir(parents=True)
    with zipfile.ZipFile(into / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "in"
    generate(town="hangzhou", trades=120, seed=7, faults=0.3, form="papers", into=folder)
    return folder


@pytest.fixture(scope="module")
def town_as_sent(town: Path) -> Said:
    return judge(town)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trades = [Trade(number) for number in range(1, len(ALL_CASES) + 1)]
    for trade, one in zip(trades, ALL_CASES, strict=True):
        one.build(trade)
    return write(tmp_path_factory.mktemp("cases"), trades)


@pytest.fixture(scope="module")
def cases_as_sent(cases: Path) -> Said:
    return judge(cases)


def judge_anew(folder: Path, cut: int, into: Path) -> Said:
    """Cut the papers of a folder anew and judge them."""
    recut(list(loosened(folder)), into, random.Random(cut))
    shutil.copy(folder / "firms.csv", into)
    return judge(into)


@pytest.mark.parametrize("cut", range(TOWN_CUTS))
def test_a_town_says_the_same_from_other_files(
    cut: int, town: Path, town_as_sent: Said, tmp_path: Path
) -> None:
    found = judge_anew(town, cut, tmp_path / "in")

    assert found.verdicts == town_as_sent.verdicts
    assert found.findings == town_as_sent.findings
    assert found.links == town_as_sent.links


@pytest.mark.parametrize("cut", range(CASES_CUTS))
def test_every_odd_trade_says_the_same_from_other_files(
    cut: int, cases: Path, cases_as_sent: Said, tmp_path: Path
) -> None:
    found = judge_anew(cases, cut, tmp_path / "in")

    assert found.verdicts == cases_as_sent.verdicts
    assert found.findings == cases_as_sent.findings
    assert found.links == cases_as_sent.links


def test_the_town_says_enough_to_compare(town_as_sent: Said) -> None:
    grades = {row[2] for row in town_as_sent.verdicts}
    codes = {row[1] for row in town_as_sent.findings}

    assert grades == {"proven", "incomplete", "contradicted"}
    assert len(codes) > 15
