"""Builds many small trades beside one another, each with numbers of its own, and judges them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from stdnum.cn import uscc

import papers
from tradeloop.trades.actions import judged

ON = date(2026, 9, 1)
CLEAN = ("CEB303", "CEB505", "CEB603", "CEB604")
HEADINGS = ("customs_code", "uscc", "name", "from", "source")
COP_LETTERS = {
    "CEB507": "V", "CEB508": "V", "CEB509": "D", "CEB510": "D", "CEB603": "C", "CEB604": "C",
    "CEB605": "X", "CEB606": "X", "CEB607": "M", "CEB608": "M", "CEB701": "S", "CEB702": "S",
}  # fmt: skip
Values = Mapping[str, object]
Finding = Mapping[str, str | None]


@dataclass(slots=True)
class Record:
    """One record of a message, before it is written."""

    kind: str
    head: dict[str, object]
    lines: list[dict[str, object]]


class Trade:
    """The papers of one clean trade; a case changes them before they are judged."""

    def __init__(self, number: int) -> None:
        """Make the clean trade of this number."""
        self.number = number
        self.records: list[Record] = []
        self.firms: list[tuple[str, str, str]] = []
        self.apart = False  # whether its papers need files of their own
        self.clean()

    def own(self, kind: str, tag: str = "") -> dict[str, object]:
        """Return the numbers that no other trade has; a tag makes a second set of them."""
        serial = f"{'9' if tag else '0'}{self.number:08}"
        return {
            "orderNo": f"A{self.number}{tag}", "logisticsNo": f"W{self.number}{tag}",
            "payNo": f"P{self.number}{tag}", "coElNo": f"E{self.number}{tag}",
            "copNo": f"{COP_LETTERS.get(kind, '')}{self.number}{tag}",
            "invtNo": f"29162026E{serial}", "sumNo": f"S20260000{serial}",
        }  # fmt: skip

    def clean(self, tag: str = "") -> Self:
        """Add the four papers of a clean trade."""
        for kind in CLEAN:
            self.add(kind, tag=tag)
        return self

    def add(
        self, kind: str, *, tag: str = "", lines: Iterable[Values] | None = None, **values: object
    ) -> Self:
        """Add one paper with the numbers of this trade, and `values` in place of the clean ones."""
        own = self.own(kind, tag)
        base = papers.BASE[kind]
        head = {**base, **{name: own[name] for name in own if name in base}, **values}
        given = papers.LINES.get(kind, ()) if lines is None else lines
        rows = [{**row, **{name: own[name] for name in own if name in row}} for row in given]
        self.records.append(Record(kind, head, rows if lines is None else [dict(r) for r in lines]))
        return self

    def change(self, kind: str, *, at: int = 0, **values: object) -> Self:
        """Change head fields of the paper of one kind; `at` counts those of the kind."""
        self._of(kind)[at].head.update(values)
        return self

    def line(self, kind: str, number: int, *, at: int = 0, **values: object) -> Self:
        """Change a line of a paper, counted from 1; one that is not there is added."""
        lines = self._of(kind)[at].lines
        if number > len(lines):
            lines.append(dict(lines[-1]))
        lines[number - 1].update(values)
        return self

    def every_line(self, *kinds: str, **values: object) -> Self:
        """Change all lines of the papers of some kinds."""
        for record in self.records:
            if record.kind in kinds:
                for line in record.lines:
                    line.update(values)
        return self

    def cut(self, kind: str, *, lines: int, at: int = 0) -> Self:
        """Keep only the first lines of a paper."""
        del self._of(kind)[at].lines[lines:]
        return self

    def drop(self, *kinds: str) -> Self:
        """Leave out all papers of some kinds."""
        self.records = [record for record in self.records if record.kind not in kinds]
        return self

    def firm(self, customs_code: str, credit_code: str, since: str = "2020-01-01") -> Self:
        """Add a row to the firm table."""
        self.firms.append((customs_code, credit_code, since))
        return self

    def alone(self) -> Self:
        """Have the papers written to files of their own, as they are odd."""
        self.apart = True
        return self

    @property
    def numbers(self) -> set[str]:
        """Return every number by which a paper of this trade may be told of."""
        found: set[str] = set()
        for tag in ("", "x"):
            for kind in COP_LETTERS:
                found |= {str(value) for value in self.own(kind, tag).values()}
        return found - {""}

    def _of(self, kind: str) -> list[Record]:
        return [record for record in self.records if record.kind == kind]


@dataclass(frozen=True, slots=True)
class Case:
    """What makes a trade, and what is to be said of it: its grade and all codes on it."""

    build: Callable[[Trade], object]
    codes: frozenset[str] = frozenset()
    grade: str = "proven"
    orphans: frozenset[str] = frozenset()
    trade: Callable[[Trade], str] = lambda trade: f"{papers.SELLER}/A{trade.number}"


def case(
    build: Callable[[Trade], object],
    *codes: str,
    grade: str = "proven",
    orphans: Iterable[str] = (),
    trade: Callable[[Trade], str] | None = None,
) -> Case:
    """Return a case; without codes and grade the trade is clean."""
    name = {} if trade is None else {"trade": trade}
    return Case(build, frozenset(codes), grade, frozenset(orphans), **name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one trade."""

    grade: str | None
    currency: str | None
    verified_minor: int | None
    findings: Sequence[Finding]
    links: Mapping[str, str]
    orphans: frozenset[str]

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of all findings."""
        return frozenset(str(finding["code"]) for finding in self.findings)


@dataclass(slots=True)
class Judgement:
    """Everything said of a batch, by trade."""

    verdicts: dict[str, tuple[str, str | None, int]] = field(default_factory=dict)
    findings: dict[str | None, list[Finding]] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, name: str, numbers: Iterable[str] = ()) -> Verdict:
        """Return what was said of one trade, and which of its papers are orphans."""
        mine = set(numbers)
        orphans = frozenset(
            str(one["code"]) for one in self.findings.get(None, []) if one["seen"] in mine
        )
        found = self.findings.get(name, [])
        links = self.links.get(name, {})
        return Verdict(*self.verdicts.get(name, (None, None, None)), found, links, orphans)


def firm_code(number: int) -> str:
    """Return a credit code with a right check digit."""
    body = f"91330100MA{number:07}"
    return body + uscc.calc_check_digit(body)


def customs_code(number: int) -> str:
    """Return a customs code of a firm."""
    return f"33019{number:05}"


def write(folder: Path, trades: Iterable[Trade]) -> Path:
    """Write the papers of trades: one file a kind, and own files for those that stand apart."""
    together: dict[str, list[Record]] = {}
    firms = [",".join(HEADINGS)]
    for trade in trades:
        for record in trade.records:
            name = f"{trade.number:05}-{record.kind}" if trade.apart else record.kind
            together.setdefault(name, []).append(record)
        firms += [f"{code},{credit},firm,{day},table" for code, credit, day in trade.firms]
    files = {}
    for name, records in together.items():
        kind = records[0].kind
        written = (papers.record(kind, lines=one.lines, **one.head) for one in records)
        files[f"{name}.xml"] = papers.wrap(kind, *written)
    if len(firms) > 1:
        files["firms.csv"] = "\n".join(firms) + "\n"
    return papers.write(folder, files)


def judge(folder: Path, *, purpose: str = "customs", on: date = ON) -> Judgement:
    """Judge all papers in a folder."""
    found = Judgement()
    with judged([folder], purpose=purpose, on=on, workers=1) as done:
        for name, grade, currency, minor in done.con.execute(
            "select trade, grade, currency, verified_minor from verdicts"
        ).fetchall():
            found.verdicts[name] = (grade, currency, minor)
        asked = done.con.execute("select * from findings")
        names = [column[0] for column in asked.description or ()]
        for row in asked.fetchall():
            finding = dict(zip(names, row, strict=True))
            found.findings.setdefault(finding["trade"], []).append(finding)
        for name, link, status in done.con.execute(
            "select trade, link, status from links"
        ).fetchall():
            found.links.setdefault(name, {})[link] = status
    return found


def judge_cases(
    folder: Path, cases: Mapping[str, Case], *, purpose: str = "customs", on: date = ON
) -> dict[str, Verdict]:
    """Judge all cases together and return what was said of each."""
    trades = {}
    for number, (name, one) in enumerate(cases.items(), 1):
        trades[name] = Trade(number)
        one.build(trades[name])
    found = judge(write(folder, trades.values()), purpose=purpose, on=on)
    return {
        name: found.of(one.trade(trades[name]), trades[name].numbers) for name, one in cases.items()
    }
