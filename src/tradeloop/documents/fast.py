"""The fast reader: plain messages become facts by xml2arrow and Arrow's kernels, many at a time.

It gets only what `shape.plain` lets through, and gives up a file whose values are not all as the
schema says; that file goes to the tolerant reader, which can tell what is wrong.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from xml2arrow import Xml2ArrowError, XmlToArrowParser

from tradeloop.documents.facts import ARROW, tables
from tradeloop.documents.layout import Field, Message
from tradeloop.documents.shape import Plain
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import CENTURIES, and_more, length_of_one_edition

NUMBER_FORMS: Mapping[str, str] = {
    "decimal": r"^-?[0-9]{1,14}(\.[0-9]{1,5})?$",
    "quantity": r"^-?[0-9]{1,13}(\.[0-9]{1,5})?$",
}
TIME_DIGITS: Mapping[str, int] = {"date": 8, "time": 14, "moment": 17}


@dataclass(frozen=True, slots=True)
class Parsed:
    """One plain file, parsed to text columns: a row for each head and each line."""

    file: int
    digest: str
    plain: Plain
    rows: pa.RecordBatch


def parse(file: int, digest: str, plain: Plain) -> Parsed | None:
    """Return the file's rows as text, or None if xml2arrow does not take it."""
    try:
        rows = _parser(plain.message).parse(plain.data)["rows"]
    except Xml2ArrowError:
        return None
    return Parsed(file, digest, plain, rows)


@dataclass(frozen=True, slots=True)
class Facts:
    """What plain files of one kind came to; `odd` and the keys of `told` are indexes into them."""

    tables: dict[str, pa.Table]
    odd: set[int]  # files with a value that is not as the schema says; they have no rows
    told: dict[int, list[Placed]]


def to_facts(parsed: Sequence[Parsed]) -> Facts:
    """Return the tables of facts of files of one kind, and which files are to be read anew."""
    message = parsed[0].plain.message
    rows = pa.Table.from_batches([one.rows for one in parsed])
    owner = pa.array(
        [place for place, one in enumerate(parsed) for _ in range(one.rows.num_rows)], pa.int32()
    )
    rows = rows.append_column("owner", owner)
    heads = rows.filter(pc.equal(rows["<line>"], 0)) if message.head else _heads_only(rows, parsed)
    found = _converted(heads, "head", message.head_fields)
    lines = rows.filter(pc.greater(rows["<line>"], 0)) if message.line else rows.slice(0, 0)
    found_lines = _converted(lines, "line", message.line_fields)
    if odd := found.odd | found_lines.odd:
        rest = [place for place in range(len(parsed)) if place not in odd]
        if not rest:
            return Facts({}, odd, {})
        again = to_facts([parsed[place] for place in rest])
        told = {rest[place]: placed for place, placed in again.told.items()}
        return Facts(again.tables, odd, told)
    facts = {message.table: _table(message.table, found.columns, heads, parsed)}
    if message.line_table:
        facts[message.line_table] = _table(message.line_table, found_lines.columns, lines, parsed)
    told = {}
    for one in (found, found_lines):
        for place, placed in one.told.items():
            told.setdefault(place, []).extend(
                Placed(t, message.kind, 1, r, n) for t, r, n in placed
            )
    return Facts(facts, set(), told)


def _heads_only(rows: pa.Table, parsed: Iterable[Parsed]) -> pa.Table:
    """Drop the rows that xml2arrow makes of the envelope where records hold their own fields."""
    wanted = pa.array([one.plain.records for one in parsed], pa.uint32())
    return rows.filter(pc.less(rows["<record>"], wanted.take(rows["owner"])))


def _table(
    name: str, columns: Mapping[str, pa.ChunkedArray], rows: pa.Table, parsed: Sequence[Parsed]
) -> pa.Table:
    owner = rows["owner"].combine_chunks()
    count = len(owner)
    values = dict(columns)
    values["file"] = pa.array([one.file for one in parsed], pa.int64()).take(owner)
    values["message"] = pa.repeat(pa.scalar(1, pa.int32()), count)
    values["record"] = pc.add(rows["<record>"], 1).cast(pa.int32())
    if "<line>" in rows.column_names:
        values["line"] = rows["<line>"].cast(pa.int32())
    values["source_digest"] = _dictionary(owner, [one.digest for one in parsed])
    values["message_guid"] = _dictionary(owner, [one.plain.guid or None for one in parsed])
    values["kind"] = pa.repeat(parsed[0].plain.message.kind, count)
    return pa.table(
        {
            field.name: values.get(field.name, pa.nulls(count, field.type))
            for field in tables()[name]
        },
        schema=tables()[name],
    )


def _dictionary(owner: pa.Array, words: Sequence[str | None]) -> pa.Array:
    """Return each row's word as a dictionary column that shares equal words."""
    places = {word: place for place, word in enumerate(dict.fromkeys(w for w in words if w))}
    index = pa.array([places[word] if word else None for word in words], pa.int32()).take(owner)
    return pa.DictionaryArray.from_arrays(index, pa.array(list(places), pa.string()))


@dataclass(slots=True)
class _Converted:
    """Typed columns; the owners of rows with an odd value; what is told, by owner."""

    columns: dict[str, pa.ChunkedArray]
    odd: set[int]
    told: dict[int, list[tuple[Told, int, int]]]  # with record and line


def _converted(rows: pa.Table, node: str, fields: Sequence[Field]) -> _Converted:
    done = _Converted({}, set(), {})
    for field in fields:
        raw = rows[f"{node}.{field.name}"]  # an empty element is null already
        if field.type == "text":
            _check_lengths(done, rows, field, raw)
            done.columns[field.column] = raw
            continue
        fits = pc.match_substring_regex(raw, _form(field))
        if not pc.all(fits, min_count=0).as_py():
            done.odd |= _owners(rows, pc.invert(fits))
            continue
        try:
            done.columns[field.column] = CASTS[field.type](field, raw)
        except pa.ArrowInvalid:  # digits in the right number, and yet no such day
            done.odd |= _impossible(field, raw, rows["owner"])
    return done


def _form(field: Field) -> str:
    """Return the pattern of the values of a field that is no text."""
    if field.type in NUMBER_FORMS:
        return NUMBER_FORMS[field.type]
    if field.type == "integer":
        return f"^[0-9]{{1,{field.length_max}}}$"
    return f"^({'|'.join(CENTURIES)})[0-9]{{{TIME_DIGITS[field.type] - 2}}}$"


def _check_lengths(done: _Converted, rows: pa.Table, field: Field, raw: pa.ChunkedArray) -> None:
    """Tell of lengths that one edition forbids; mark the owners of those that both forbid."""
    lengths = pc.utf8_length(raw)
    seen = pc.min_max(lengths).as_py()
    if seen["min"] is None or (seen["min"] >= field.length_min and seen["max"] <= field.length_max):
        return
    fits = _between(lengths, field.length_min_either, field.length_max_either)
    done.odd |= _owners(rows, pc.invert(fits))
    _tell_editions(done, rows, field, raw, _between(lengths, field.length_min, field.length_max))


def _between(lengths: pa.ChunkedArray, low: int, high: int) -> pa.ChunkedArray:
    return pc.and_(pc.greater_equal(lengths, low), pc.less_equal(lengths, high))


def _owners(rows: pa.Table, chosen: pa.ChunkedArray) -> set[int]:
    return set(rows["owner"].filter(chosen).to_pylist())


def _tell_editions(
    done: _Converted, rows: pa.Table, field: Field, raw: pa.ChunkedArray, fits: pa.ChunkedArray
) -> None:
    """Tell of lengths that one edition forbids: once for each file and field, at the first."""
    beyond = rows.append_column("seen", raw).filter(pc.invert(fits))
    lines = beyond["<line>"] if "<line>" in beyond.column_names else None
    counts = Counter(beyond["owner"].to_pylist())
    for place, (owner, record, seen) in enumerate(
        zip(*(beyond[name].to_pylist() for name in ("owner", "<record>", "seen")), strict=True)
    ):
        if more := counts.pop(owner, 0):
            line = lines[place].as_py() if lines is not None else 0
            told = and_more(length_of_one_edition(field, seen), more - 1)
            done.told.setdefault(owner, []).append((told, record + 1, line))


def _cast(field: Field, raw: pa.ChunkedArray) -> pa.ChunkedArray:
    return raw.cast(ARROW[field.type])


def _cast_time(field: Field, raw: pa.ChunkedArray) -> pa.ChunkedArray:
    def digits(start: int, stop: int) -> pa.ChunkedArray:
        return pc.utf8_slice_codeunits(raw, start, stop)

    text = pc.binary_join_element_wise(digits(0, 4), digits(4, 6), digits(6, 8), "-")
    if field.type != "date":
        clock = pc.binary_join_element_wise(digits(8, 10), digits(10, 12), digits(12, 14), ":")
        text = pc.binary_join_element_wise(text, clock, " ")
    if field.type == "moment":
        text = pc.binary_join_element_wise(text, digits(14, 17), ".")
    return text.cast(ARROW[field.type])


CASTS: Mapping[str, Callable[[Field, pa.ChunkedArray], pa.ChunkedArray]] = {
    "decimal": _cast,
    "quantity": _cast,
    "integer": _cast,
    "date": _cast_time,
    "time": _cast_time,
    "moment": _cast_time,
}


def _impossible(field: Field, raw: pa.ChunkedArray, owner: pa.ChunkedArray) -> set[int]:
    """Return the owners of times that no calendar has; one cast for each file finds them."""
    found = set()
    for place in pc.unique(owner).to_pylist():
        try:
            _cast_time(field, raw.filter(pc.equal(owner, place)))
        except pa.ArrowInvalid:
            found.add(place)
    return found


@cache
def _parser(message: Message) -> XmlToArrowParser:
    """Return the parser of one kind of message; it is compiled once in each process.

    Heads and lines come as rows of *one* table: a second table at the record's own level makes
    xml2arrow leave every head field null, without a word.
    """
    record = f"/{message.root}/{message.record}"
    nodes = [("head", f"{record}/{message.head}" if message.head else record, message.head_fields)]
    if message.line:
        nodes.append(("line", f"{record}/{message.line}", message.line_fields))
    config = [
        # xml2arrow would trim each piece of a text, so that "A &amp; B" loses its spaces.
        "parser_options: {trim_text: false}",
        "tables:",
        # A table without fields only counts the records; without it the parse fails.
        *(
            [f"  - {{name: records, xml_path: /{message.root}, levels: [record], fields: []}}"]
            if message.head
            else []
        ),
        "  - name: rows",
        f"    xml_path: {record if message.head else '/' + message.root}",
        f"    levels: [{'record, line' if message.head else 'record'}]",
        "    fields:",
    ]
    config += [
        f"      - {{name: {node}.{field.name}, xml_path: {path}/{field.name}, "
        "data_type: Utf8, nullable: true}"
        for node, path, fields in nodes
        for field in fields
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write("\n".join(config) + "\n")
        file.flush()
        return XmlToArrowParser(file.name)
