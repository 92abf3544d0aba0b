"""JSON lines become facts: one paper a line, its lines within it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from tradeloop.documents.encoding import decode
from tradeloop.documents.papers import PaperKind, paper_kinds
from tradeloop.documents.tables.facts import Collector
from tradeloop.documents.tables.headings import HEADS, INNER, Fit, fit_of, fits
from tradeloop.documents.tables.record import At, Cells, Head, Records
from tradeloop.documents.tables.sheet import Cell
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import excerpt

PAPER, KIND, LINES = "paper", "kind", "lines"  # `kind` is a field of some papers too


def read_json_lines(data: bytes, collector: Collector, file_name: str) -> None:
    """Read a file of papers; nothing is taken if its first line is none."""
    decoded = decode(data)
    reading = _Reading(collector, file_name)
    for number, text in enumerate(decoded.text.lstrip("\ufeff").split("\n"), 1):
        if text.strip() and not reading.take(number, text):
            return
    if reading.kind is not None:
        collector.tell_all(decoded.told, reading.kind.kind)


class _Reading:
    """The papers of one file; the kind of a line that does not say is told by its keys."""

    def __init__(self, collector: Collector, file_name: str) -> None:
        self.collector, self.file_name = collector, file_name
        self.records = Records(collector)
        self.kind: PaperKind | None = None  # of the line before
        self.unknown: set[tuple[str, str]] = set()

    def take(self, number: int, text: str) -> bool:
        """Take one line of the file; False if no line so far was a paper."""
        paper = _object(text)
        kind = _kind(paper, self.file_name) if paper is not None else None
        if paper is None or kind is None:
            return self._refuse(number, text)
        self.kind = kind
        lines = paper.get(LINES)
        own = {PAPER, LINES} | ({KIND} if paper.get(KIND) == kind.kind else set())
        heads = {key: value for key, value in paper.items() if key not in own}
        at = At(1, number, 0, lambda _: f"line {number}")
        cells, extras = self._cells(kind, heads, number, in_line=False)
        head = self.records.head(kind, cells, at)
        if head:
            self.records.extras(extras, head, at)
            self._take_lines(head, lines if isinstance(lines, list) else [], number)
        return True

    def _take_lines(self, head: Head, lines: Sequence[object], number: int) -> None:
        for place, line in enumerate(lines, 1):
            at = At(1, number, place, lambda _: f"line {number}")
            given = line if isinstance(line, dict) else {"line": line}
            cells, extras = self._cells(head.kind, given, number, in_line=True)
            self.records.line(head, cells, at)
            self.records.extras(extras, head, at)

    def _cells(
        self, kind: PaperKind, given: Mapping[str, object], number: int, *, in_line: bool
    ) -> tuple[Cells, list[tuple[str, Cell]]]:
        names = tuple(given)
        columns = {one.index: one for one in _fit(kind, INNER if in_line else HEADS, names).columns}
        cells, extras = [], []
        for index, (name, value) in enumerate(given.items()):
            cell = _cell(value)
            if index in columns:
                cells.append((columns[index], cell))
                continue
            extras.append((name, cell))
            if (kind.kind, name) not in self.unknown:
                self.unknown.add((kind.kind, name))
                told = Told("column-unknown", excerpt(name))
                self.collector.tell(Placed(told, kind.kind, 1, place=f"line {number}"))
        return cells, extras

    def _refuse(self, number: int, text: str) -> bool:
        if self.kind is None:
            return False
        self.collector.count(self.kind.kind, rejected=True)
        told = Told("record-broken", None, excerpt(text), "one JSON object a line")
        self.collector.tell(Placed(told, self.kind.kind, 1, number, 0, f"line {number}"))
        return True


def _object(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return found if isinstance(found, dict) else None


def _kind(paper: Mapping[str, object], file_name: str) -> PaperKind | None:
    """Return the kind that a paper names or, where it names none, that its keys stand for."""
    for key in (PAPER, KIND):
        if found := paper_kinds().get(str(paper.get(key, ""))):
            return found
    return _likely(tuple(paper), file_name)


@lru_cache(maxsize=1_024)
def _likely(names: tuple[str, ...], file_name: str) -> PaperKind | None:
    found = [one for one in fits(names, file_name) if one.part == HEADS and one.good]
    if not found:
        return None
    best = [one for one in found if one.rank == found[0].rank]
    return best[0].kind if len(best) == 1 else None


@lru_cache(maxsize=1_024)
def _fit(kind: PaperKind, part: str, names: tuple[str, ...]) -> Fit:
    return fit_of(kind, part, names)


def _cell(value: object) -> Cell:
    """Return a JSON value as a cell; half of a pair of surrogates is replaced."""
    if value is None or isinstance(value, bool | int | Decimal):
        return value
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return value.encode("utf-8", "replace").decode("utf-8")
