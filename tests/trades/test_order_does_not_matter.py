"""Verdicts depend on what the papers say, never on how they were cut into files."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from trade_cases import customs, gaps, goods, parcels, parties, versions
from trade_cases.build import Trade, write

import papers
from tradeloop.documents.layout import messages
from tradeloop.economy.papers import generate
from tradeloop.trades.actions import judged

ON = date(2026, 9, 1)
TOWN_CUTS, CASES_CUTS = 3, 2
# Told once for each message or file that has it, so these follow the cutting.
OF_FILES = ("signature-missing", "file-repeated", "field-length-edition")
ALL_CASES = (
    *parties.CASES.values(), *parcels.CASES.values(), *goods.CASES.values(),
    *customs.CASES.values(), *gaps.CASES.values(), *versions.CASES.values(),
)  # fmt: skip


class Loose(NamedTuple):
    """One record, out of its message."""

    kind: str
    fields: tuple[tuple[str, str], ...]  # (name, text); nodes as (<name, "") and (>name, "")


class Said(NamedTuple):
    """What was said of a batch, without files and places."""

    verdicts: Counter[tuple[object, ...]]
    findings: Counter[tuple[object, ...]]
    links: Counter[tuple[object, ...]]


def judge(folder: Path) -> Said:
    """Judge a folder."""
    left_out = ", ".join(f"'{code}'" for code in OF_FILES)
    columns = "trade, code, field, seen, expected, weight"
    questions = (
        "select * from verdicts",
        f"select {columns} from findings where code not in ({left_out})",  # noqa: S608 - our words
        "select * from links",
    )
    with judged([folder], purpose="customs", on=ON, workers=1) as done:
        return Said(*(Counter(done.con.execute(sql).fetchall()) for sql in questions))


def loosened(folder: Path) -> Iterator[Loose]:
    """Return every record of every message in a folder."""
    for path in sorted(folder.rglob("*.xml")):
        root = etree.parse(path).getroot()
        kind = etree.QName(root).localname.removesuffix("Message")
        record = messages()[kind].record
        for node in root:
            if etree.QName(node).localname == record:
                yield Loose(kind, tuple(_fields(node)))


def _fields(node: etree._Element) -> Iterator[tuple[str, str]]:
    for child in node:
        name = etree.QName(child).localname
        if len(child):
            yield "<" + name, ""
            yield from _fields(child)
            yield ">" + name, ""
        else:
            yield name, child.text or ""


def written(records: Iterable[Loose], kind: str, r: random.Random) -> str:
    """Return one message with a prefix or none, in one line or in many."""
    prefix = r.choice(("ceb:", "", "x:"))
    line = r.choice(("", "\n", "\n  "))
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    body = []
    for record in records:
        body.append(f"<{prefix}{messages()[kind].record}>")
        for field, text in record.fields:
            tag = prefix + field.lstrip("<>")
            whole = {"<": f"<{tag}>", ">": f"</{tag}>"}
            body.append(whole.get(field[0]) or f"<{tag}>{escape(text)}</{tag}>")
        body.append(f"</{prefix}{messages()[kind].record}>")
    root = f"{prefix}{kind}Message"
    guid = f"{r.getrandbits(128):036x}"
    opening = f'<{root} {name}="{papers.NAMESPACE}" guid="{guid}" version="1.0">'
    return opening + line + line.join(body) + line + f"</{root}>\n"


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
    recut(list(loosened(folder)), into, random.Random(cut))  # noqa: S311 - no secret
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
