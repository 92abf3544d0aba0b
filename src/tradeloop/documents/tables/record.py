"""One row becomes a paper or a line of one: its values, what it lacks, what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from tradeloop.documents.papers import PaperField, PaperKind
from tradeloop.documents.tables.facts import Collector
from tradeloop.documents.tables.forms import currencies_of
from tradeloop.documents.tables.headings import Column, bracketed, groups
from tradeloop.documents.tables.sheet import EXCEL_EPOCH, Cell, text_of
from tradeloop.documents.tables.values import Reading, read_cell
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import Value

STRICT = frozenset({"CN.firm"})  # a wrong row of a register must join nothing, so it is refused
Cells = Sequence[tuple[Column, Cell]]


@dataclass(frozen=True, slots=True)
class At:
    """Where a row stands, for programs and for people."""

    message: int
    record: int
    line: int
    place: Callable[[Column | None], str]
    epoch: date = EXCEL_EPOCH


@dataclass(frozen=True, slots=True)
class Head:
    """A paper that was taken: where it stands, and what its lines are held against."""

    kind: PaperKind
    message: int
    record: int
    values: Mapping[str, Value]

    @property
    def currency(self) -> str | None:
        """The currency of its amounts, if it names one."""
        found = self.values.get("currency")
        return str(found) if found else None


class Records:
    """Takes papers and their lines, from whatever form they came in."""

    def __init__(self, collector: Collector) -> None:
        """Hand over to `collector` what is taken."""
        self.collector = collector

    def head(self, kind: PaperKind, cells: Cells, at: At) -> Head | None:
        """Take one paper; None if it is refused."""
        readings = _read(cells, at)
        values = {column.field.name: reading.value for column, reading in readings}
        currency = values.get("currency")
        told = [
            *_told(readings, str(currency) if currency else None),
            *_absent(kind.head_fields, values, readings),
        ]
        strict = kind.kind in STRICT
        if strict:
            told = [(replace(one, code="row-malformed"), column) for one, column in told]
        for one, column in told:
            self._tell(one, kind, at, column)
        refused = _without_key(kind, values) or (strict and bool(told))
        self.collector.count(kind.kind, rejected=refused)
        if refused:
            return None
        self.collector.add(kind.table, {"message": at.message, "record": at.record, **values})
        return Head(kind, at.message, at.record, values)

    def line(self, head: Head, cells: Cells, at: At) -> Mapping[str, Value]:
        """Take one line of a paper; return its values."""
        readings = _read(cells, at)
        values = {column.field.name: reading.value for column, reading in readings}
        for one, column in _told(readings, head.currency):
            self._tell(one, head.kind, at, column)
        for one, column in _absent(head.kind.line_fields, values, readings):
            self._tell(one, head.kind, at, column)
        place = {"message": head.message, "record": head.record, "line": at.line}
        self.collector.add(head.kind.line_table, {**place, **values})
        return values

    def key(self, cells: Cells, epoch: date) -> tuple[Value, ...]:
        """Return the values by which a line names its paper; what is odd in them is the paper's."""
        return tuple(read_cell(column.field, cell, epoch).value for column, cell in cells)

    def extras(self, pairs: Sequence[tuple[str, Cell]], head: Head, at: At) -> None:
        """Keep what stands in columns that hold no field of the kind."""
        for name, cell in pairs:
            if text := text_of(cell):
                place = {"message": head.message, "record": head.record, "line": at.line}
                self.collector.add("extras", {**place, "name": name, "value": text})

    def _tell(self, told: Told, kind: PaperKind, at: At, column: Column | None) -> None:
        place = at.place(column)
        self.collector.tell(Placed(told, kind.kind, at.message, at.record, at.line, place))


def _read(cells: Cells, at: At) -> list[tuple[Column, Reading]]:
    return [(column, read_cell(column.field, cell, at.epoch)) for column, cell in cells]


def _told(
    readings: Sequence[tuple[Column, Reading]], currency: str | None
) -> Iterator[tuple[Told, Column | None]]:
    for column, reading in readings:
        for one in reading.told:
            yield one, column
        if column.field.type != "decimal" or reading.value is None or currency is None:
            continue
        mark = reading.mark or _mark_of(column.heading)
        if mark and currency not in mark and not column.field.name.startswith(("freight", "insur")):
            seen = f"{reading.value} in {' or '.join(sorted(mark))}"
            told = Told("currency-mixed", column.field.name, seen, f"{currency}, as its paper says")
            yield told, column


def _absent(
    fields: tuple[PaperField, ...],
    values: Mapping[str, Value],
    readings: Sequence[tuple[Column, Reading]],
) -> Iterator[tuple[Told, Column | None]]:
    for group in _groups(fields):
        if any(values.get(field.name) is not None for field in group):
            continue
        names = {field.name for field in group}
        mine = [(column, reading) for column, reading in readings if column.field.name in names]
        if any(reading.told for _, reading in mine):
            continue  # it is there, and what is wrong with it was told
        code = "key-missing" if group[0].is_key else "field-missing"
        wanted = " or ".join(field.meaning for field in group)
        yield Told(code, group[0].name, "empty", wanted), mine[0][0] if mine else None


def _without_key(kind: PaperKind, values: Mapping[str, Value]) -> bool:
    return any(
        group[0].is_key and all(values.get(field.name) is None for field in group)
        for group in _groups(kind.head_fields)
    )


@cache
def _groups(fields: tuple[PaperField, ...]) -> list[tuple[PaperField, ...]]:
    return groups(fields)


@cache
def _mark_of(heading: str) -> frozenset[str]:
    text = bracketed(heading)
    return currencies_of(text) if text else frozenset()
