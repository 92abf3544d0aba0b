"""The tables of facts: one Arrow schema each, for readers, checks, generator and Parquet alike.

Column names are the customs field names in snake case, and the field names of the papers that
come as tables. Times are local times in Asia/Shanghai
without a zone. Amounts are DECIMAL(19,5); quantities and prices DECIMAL(18,5), so that their
product still fits the 38 digits that a decimal may have. An empty field is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from tradeloop.documents.layout import Field, messages
from tradeloop.documents.papers import PaperField, paper_kinds

ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "choice": pa.string(),
    "decimal": pa.decimal128(19, 5),
    "quantity": pa.decimal128(18, 5),
    "integer": pa.int64(),
    "time": pa.timestamp("us"),
    "moment": pa.timestamp("us"),
    "date": pa.date32(),
}

# Where a fact stands: `file` is the first 63 bits of the SHA-256 of the file's bytes, a key to
# join on; message, record and line count from 1. A paper's key is (file, message, record). In a
# table of papers the message is the sheet, the record and the line are rows as the reader sees them
# (in JSON lines: the line of the file, and the place among its lines).
PLACE = (
    pa.field("file", pa.int64(), nullable=False),
    pa.field("message", pa.int32(), nullable=False),
    pa.field("record", pa.int32(), nullable=False),
)
SOURCE = (
    pa.field("source_digest", pa.dictionary(pa.int32(), pa.string())),
    pa.field("message_guid", pa.dictionary(pa.int32(), pa.string())),
)
LINE = pa.field("line", pa.int32(), nullable=False)

# What the readers tell of a file, beside its facts. Position 0 means: of the whole.
TOLD = pa.schema(
    [
        *PLACE,
        LINE,
        pa.field("kind", pa.string()),
        pa.field("code", pa.string(), nullable=False),
        pa.field("field", pa.string()),
        pa.field("seen", pa.string()),
        pa.field("expected", pa.string()),
        pa.field("place", pa.string()),  # as one who opens the file sees it
    ]
)

FILES = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("file", pa.int64()),
        pa.field("digest", pa.string()),
        pa.field("bytes", pa.int64()),
        pa.field("status", pa.string(), nullable=False),  # read, kept, unreadable
        pa.field("kind", pa.string()),
        pa.field("because", pa.string()),
        pa.field("position", pa.string()),
    ]
)

# How many records of each kind came in, and how many the reader had to refuse, for each file.
COUNTS = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("rejected", pa.int64(), nullable=False),
    ]
)


@cache
def tables() -> Mapping[str, pa.Schema]:
    """Return the schema of every table of facts, by name."""
    found: dict[str, pa.Schema] = {}
    answer_fields: dict[str, Field] = {}
    for message in messages().values():
        if message.table == "answers":
            answer_fields |= {field.name: field for field in message.head_fields}
            continue
        found[message.table] = pa.schema([*PLACE, *SOURCE, *_columns(message.head_fields)])
        if message.line_table:
            found[message.line_table] = pa.schema([*PLACE, LINE, *_columns(message.line_fields)])
    kind = pa.field("kind", pa.string(), nullable=False)
    found["answers"] = pa.schema([*PLACE, *SOURCE, kind, *_columns(tuple(answer_fields.values()))])
    for paper in paper_kinds().values():
        found[paper.table] = pa.schema([*PLACE, *SOURCE, *_paper_columns(paper.head_fields)])
        if paper.line_table:
            found[paper.line_table] = pa.schema([*PLACE, LINE, *_paper_columns(paper.line_fields)])
    # What stood in columns of a table that hold no field of its kind: kept, and judged by nothing.
    found["extras"] = pa.schema(
        [*PLACE, LINE, pa.field("name", pa.string()), pa.field("value", pa.string())]
    )
    return found


@cache
def kind_of_table() -> Mapping[str, str]:
    """Return the message kind that a table of heads holds; `answers` names its own kinds."""
    kinds = {m.table: m.kind for m in messages().values() if m.table != "answers"}
    return kinds | {paper.table: paper.kind for paper in paper_kinds().values()}


def _columns(fields: tuple[Field, ...]) -> list[pa.Field]:
    return [pa.field(field.column, ARROW[field.type]) for field in fields]


def _paper_columns(fields: tuple[PaperField, ...]) -> list[pa.Field]:
    return [pa.field(field.name, ARROW[field.type]) for field in fields]
