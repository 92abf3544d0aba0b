"""What the inside of an .xlsx says beside its cells: macros, formulas without a value, its size."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from tradeloop.documents.gather import MIB, Unreadable

UNPACKED_BYTES_MAX = 1024 * MIB
CELLS_MAX = 20_000_000
CHUNK_BYTES = 4 * MIB
TEXT_BYTES_MAX = 1 * MIB
NAMED_BYTES_MAX = 16 * MIB  # of workbook.xml and its relations

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(rb"<(?:\w+:)?c [^<>]*?r=[\"']([A-Z]+)(\d+)")
ROW = re.compile(rb"<(?:\w+:)?row [^<>]*?r=[\"'](\d+)")
ROWS_MAX, COLUMNS_MAX = 1_048_576, 16_384  # of a sheet, as the format has it
TELLING = re.compile(rb"<(?:\w+:)?f[ >/]|t=[\"']e[\"']")  # a formula, or an error for a value


@dataclass(slots=True)
class Inside:
    """What the sheets' names say of their cells, and what the workbook says of itself."""

    has_macros: bool = False
    from_1904: bool = False
    # By sheet: the cells (row from 1, column from 0) whose formula has no value, or an error.
    unvalued: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def look(data: bytes) -> Inside:
    """Return what is inside, having unpacked every part once within bounds.

    Raises:
        Unreadable: It unpacks to more than we take.
        BadZipFile, OSError, ValueError, LookupError: It is damaged.
    """
    inside = Inside()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if sum(info.file_size for info in archive.infolist()) > UNPACKED_BYTES_MAX:
            raise Unreadable(
                f"unpacks to more than {UNPACKED_BYTES_MAX // MIB} MiB; split it, "
                "or save its sheets as CSV"
            )
        inside.has_macros = any(name.endswith("vbaProject.bin") for name in names)
        if "xl/workbook.xml" not in names:
            return inside
        sheets, inside.from_1904 = _sheets(archive)
        cells = 0
        for title, part in sheets:
            if part in names:
                with archive.open(part) as file:
                    reach, telling = _scan(file)
                cells += reach
                if telling and cells <= CELLS_MAX:
                    with archive.open(part) as file:
                        inside.unvalued[title] = dict(_unvalued(file))
        if cells > CELLS_MAX:
            raise Unreadable(
                f"its sheets reach over {cells:,} cells, more than the {CELLS_MAX:,} we take; "
                "delete the empty rows and columns behind the tables, or split it"
            )
        _check_sizes(archive, dict.fromkeys(part for _, part in sheets))
    return inside


def _check_sizes(archive: zipfile.ZipFile, seen: Mapping[str, None]) -> None:
    """Unpack what was not looked at: a part larger than it claims raises BadZipFile."""
    names = archive.namelist()
    if len(names) != len(set(names)):
        raise ValueError("it names a part twice")
    for name in names:
        if name.startswith("xl/") and name not in seen:
            with archive.open(name) as file:
                while file.read(CHUNK_BYTES):
                    pass


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """Return the title and the part of each sheet, and whether days count from 1904."""
    book = _tree(archive, "xl/workbook.xml")
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    found = []
    for sheet in book.iter("{*}sheet"):
        target = targets.get(sheet.get(RELATION, ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((sheet.get("name", ""), part))
    properties = book.find("{*}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    return found, from_1904


def _tree(archive: zipfile.ZipFile, part: str) -> etree._Element:
    with archive.open(part) as file:
        text = file.read(NAMED_BYTES_MAX + 1)
    if len(text) > NAMED_BYTES_MAX or b"<!DOCTYPE" in text:
        raise ValueError(f"{part} is none that a spreadsheet program writes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"{part}: {error.msg}") from None


def _scan(file: IO[bytes]) -> tuple[int, bool]:
    """Return over how many cells a sheet reaches, and whether any holds a formula or an error."""
    rows, columns, telling, rest = {1}, {1}, False, b""
    while chunk := file.read(CHUNK_BYTES):
        text = rest + chunk
        if b"<!DOCTYPE" in text:
            raise ValueError("a sheet declares a document type")
        cells = CELL.findall(text)
        rows.add(
            max(map(row_number, {row for _, row in cells} | set(ROW.findall(text))), default=1)
        )
        columns.add(max(map(column_number, {column for column, _ in cells}), default=1))
        telling = telling or TELLING.search(text) is not None
        rest = text[text.rfind(b"<") :]  # a tag may stand where two chunks meet
        if len(rest) > TEXT_BYTES_MAX:
            raise ValueError("a cell holds more than a spreadsheet program writes")
    if max(rows) > ROWS_MAX or max(columns) > COLUMNS_MAX:
        raise ValueError("a cell stands beyond the last row or column of a sheet")
    return max(rows) * max(columns), telling


def row_number(digits: bytes) -> int:
    """Return the number of a row; one of too many digits is beyond the last."""
    return int(digits) if len(digits) <= len(str(ROWS_MAX)) else ROWS_MAX + 1


def column_number(letters: bytes) -> int:
    """Return the number of a column from 1.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    if len(letters) > len("XFD"):
        return COLUMNS_MAX + 1
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unvalued(file: IO[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the cells whose formula has no value, with the formula, and those with an error."""
    for _, cell in etree.iterparse(
        file, events=("end",), tag="{*}c", resolve_entities=False, no_network=True, load_dtd=False
    ):
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,9})", cell.get("r", ""))
        formula, value = cell.find("{*}f"), cell.findtext("{*}v")
        error = cell.get("t") == "e"
        if place and (error or (formula is not None and not value)):
            text = value if error else f"={formula.text or ''}" if formula is not None else ""
            yield (int(place[2]), column_number(place[1].encode()) - 1), text or ""
        parent = cell.getparent()
        cell.clear()
        while parent is not None and cell.getprevious() is not None:
            del parent[0]
