"""A workbook becomes sheets: its cells as they were last calculated, never its formulas or macros.

What a workbook claims of itself is not believed: it is unpacked once within bounds and its cells
are counted before the library that reads it may see it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import python_calamine as calamine
from lxml import etree

from tradeloop.documents.gather import DAMAGE, MIB, Unreadable
from tradeloop.documents.tables import spreadsheetml
from tradeloop.documents.tables.sheet import EXCEL_EPOCH, MAC_EPOCH, Row, Sheet
from tradeloop.documents.told import Told

T = TypeVar("T")

WORKBOOK_BYTES_MAX = 64 * MIB
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DAMAGED = "not a workbook that opens; open it in a spreadsheet program and save it anew"


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook, and what must be told of the whole."""

    book: calamine.CalamineWorkbook
    inside: spreadsheetml.Inside
    told: tuple[Told, ...] = ()

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets that hold cells, in their order; each is loaded when it is asked for."""
        for number, about in enumerate(self.book.sheets_metadata, 1):
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                yield self.sheet(number)

    def sheet(self, number: int) -> Sheet:
        """Return one sheet, counted from 1.

        Raises:
            Unreadable: It is damaged.
        """
        name = self.book.sheet_names[number - 1]
        cells = _careful(lambda: self.book.get_sheet_by_index(number - 1))
        left = cells.start[1] if cells.start else 0

        def rows() -> Iterator[Row]:
            empty = [""] * left
            for row, values in enumerate(cells.iter_rows(), 1):
                yield row, [*empty, *values] if left else values

        return Sheet(
            number, name, rows, f"sheet {name}, ", in_workbook=True,
            merged=cells.merged_cell_ranges or (),
            unvalued=self.inside.unvalued.get(name, {}),
            epoch=MAC_EPOCH if self.inside.from_1904 else EXCEL_EPOCH,
        )  # fmt: skip


def open_workbook(data: bytes) -> Workbook:
    """Return the workbook in `data`.

    Raises:
        Unreadable: It is locked, damaged or larger than we take; the message says what to do.
    """
    if len(data) > WORKBOOK_BYTES_MAX:
        limit = WORKBOOK_BYTES_MAX // MIB
        raise Unreadable(
            f"a workbook of {len(data) / MIB:,.0f} MiB is more than the {limit} MiB we take; "
            "split it, or save its sheets as CSV"
        )
    inside = spreadsheetml.Inside()
    if not data.startswith(b"PK"):
        if ENCRYPTED in data:
            raise Unreadable("locked with a password; save it without one")
    else:
        try:
            inside = spreadsheetml.look(data)
        except (*DAMAGE, RuntimeError, LookupError, etree.XMLSyntaxError) as error:
            raise Unreadable(f"{DAMAGED} ({error})") from None
    book = _careful(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    macros = Told("macros-ignored", None, "vbaProject.bin", "a workbook without macros")
    return Workbook(book, inside, (macros,) if inside.has_macros else ())


def _careful(task: Callable[[], T]) -> T:
    """Run what the native reader does; whatever breaks in it is the file's fault, told in words."""
    try:
        return task()
    except calamine.PasswordError:
        raise Unreadable("locked with a password; save it without one") from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        raise Unreadable(f"{DAMAGED} ({error})") from None
