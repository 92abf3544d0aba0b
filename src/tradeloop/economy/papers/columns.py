"""Values of papers become columns of Arrow, as each type of field asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

DIGITS = pa.decimal128(19, 0)


def column(type_name: str, values: list[Any], kind: pa.DataType) -> pa.Array:
    """Return `values` of a field of that type (text, decimal, time …) as a column of `kind`."""
    return _ARROW[type_name](values, kind)


def _text(values: list[Any], kind: pa.DataType) -> pa.Array:
    return pa.array(values, kind)


def _decimal(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Whole numbers of 0.00001 are the very digits that a decimal of scale 5 holds."""
    return pa.array(values, pa.int64()).cast(DIGITS).view(pa.decimal128(19, 5)).cast(kind)


def _time(values: list[Any], kind: pa.DataType) -> pa.Array:
    return pa.array(values, pa.timestamp("ms")).cast(kind)


_ARROW: Mapping[str, Callable[[list[Any], pa.DataType], pa.Array]] = {
    "text": _text,
    "choice": _text,
    "decimal": _decimal,
    "quantity": _decimal,
    "integer": _text,
    "time": _time,
    "moment": _time,
    "date": _text,
}
