"""How each customs message is built, as data: which fields it has, in which order, how long.

Source: the customs administration's message specification, edition 2022-05, beside that of 2018
(announcement 113 of 2018). No message names its edition, so both are kept and a message is read
against their union. Of an answer only its status and time are required here, whatever the schemas
say: real answers leave fields out. The answer 214 is in neither edition; its fields follow 626, its
twin on import.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message, with the bounds of both editions.

    Lengths count characters. `length_min` and `length_max` are what *both* editions allow;
    `length_min_either` and `length_max_either` what at least one of them allows.
    """

    name: str
    column: str
    type: str  # text, decimal, quantity, integer, time, moment, date
    required: bool
    length_min: int
    length_max: int
    length_min_either: int
    length_max_either: int


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message: its nodes, its fields, and the tables its facts go to."""

    kind: str
    record: str
    head: str  # the node that holds the head fields; empty where the record itself does
    line: str  # the node of a line; empty where the message has none
    table: str
    line_table: str
    paper: str
    head_fields: tuple[Field, ...]
    line_fields: tuple[Field, ...]

    @property
    def root(self) -> str:
        """The local name of the message's outermost element."""
        return f"{self.kind}Message"


def column_name(field: str) -> str:
    """Return the column for a message's field: `orderNo` is `order_no`, `POD` is `pod`.

    >>> column_name("orderNo"), column_name("POD"), column_name("fCurrency"), column_name("qty1")
    ('order_no', 'pod', 'f_currency', 'qty1')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field).lower()


@cache
def messages() -> Mapping[str, Message]:
    """Return every message we read, by kind (`CEB303`), in the order of the flow."""
    fields: dict[tuple[str, str], list[Field]] = {}
    for row in _rows("ceb_fields.csv"):
        fields.setdefault((row["message"], row["node"]), []).append(_field(row))
    found = {}
    for row in _rows("ceb_messages.csv"):
        kind = row["message"]
        found[kind] = Message(
            kind=kind,
            record=row["record"],
            head=row["head"],
            line=row["line"],
            table=row["table"],
            line_table=row["line_table"],
            paper=row["paper"],
            head_fields=tuple(fields[kind, row["head"] or row["record"]]),
            line_fields=tuple(fields[kind, row["line"]]) if row["line"] else (),
        )
    return found


def _field(row: Mapping[str, str]) -> Field:
    low, low_2018 = int(row["length_min"]), int(row["length_min_2018"])
    high, high_2018 = int(row["length_max"]), int(row["length_max_2018"])
    return Field(
        name=row["field"],
        column=column_name(row["field"]),
        type=row["type"],
        required=row["required"] == "1" and row["required_2018"] == "1",
        length_min=max(low, low_2018),
        length_max=min(high, high_2018),
        length_min_either=min(low, low_2018),
        length_max_either=max(high, high_2018),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tradeloop.documents").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
