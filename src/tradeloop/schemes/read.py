"""A table of a scheme's file becomes a dataclass; what is wrong is told by file, block and key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tradeloop.kit.money import MINOR_DIGITS, WHOLE, Money

R = TypeVar("R")

AMOUNT = re.compile(r"(\d+(?:[,_]\d{3})*(?:\.\d+)?) ([A-Z]{3})")
NOTHING = "none"
MOST: Mapping[str, int] = MappingProxyType(
    {
        "_share_bp": WHOLE,
        "_days": 36_500,
        "_days_max": 36_500,
        "_months": 1_200,
        "_times": 1_000_000,
    }
)
"""The whole, a hundred years, a million times: whatever is more is a slip."""

YEARS = range(1900, 2200)
"""In which a date of a trade can lie."""

COUNTED = ("_bp", "_days", "_months", "_times", "_days_max")
NO_KEYS: Mapping[str, object] = MappingProxyType({})


class SchemeFileInvalid(ValueError):
    """A file of a scheme says something that cannot be used; the message names file and key."""


def read(row: object, *, into: type[R], where: str, added: Mapping[str, object] = NO_KEYS) -> R:
    """Return a table as `into`, which any frozen dataclass can be.

    Args:
        row: The table, as TOML gave it.
        into: Its fields are the keys; a field with a default may be absent.
        where: File and block, for the message.
        added: Fields that the table does not say itself, and may not.

    Raises:
        SchemeFileInvalid: A key is unknown, missing or of another type, or figures contradict.
    """
    given = table(row, where)
    known = {one.name: one for one in fields(into) if one.name not in added}  # type: ignore[arg-type]
    missing = [name for name, one in known.items() if _required(one) and name not in given]
    check_keys(given, known, missing, where)
    hints = types_of(into)
    values = {name: value(one, hints[name], f"{where}, {name}") for name, one in given.items()}
    try:
        return into(**values, **added)
    except ValueError as error:
        raise SchemeFileInvalid(f"{where}: {error}") from None


def table(row: object, where: str) -> Mapping[str, Any]:
    """Return a table.

    Raises:
        SchemeFileInvalid: It is something else.
    """
    if not isinstance(row, Mapping):
        raise SchemeFileInvalid(f"{where} is {row!r}. Write a table of keys and values.")
    return row


def check_keys(
    given: Mapping[str, Any], known: Mapping[str, object], missing: list[str], where: str
) -> None:
    """Refuse unknown and missing keys.

    Raises:
        SchemeFileInvalid: There are some; the message names them and all that are expected.
    """
    unknown = [name for name in given if name not in known]
    if not unknown and not missing:
        return
    odd = [f"unknown: {', '.join(unknown)}"] if unknown else []
    odd += [f"missing: {', '.join(missing)}"] if missing else []
    raise SchemeFileInvalid(f"{where}: {'; '.join(odd)}. Its keys are: {', '.join(known)}.")


def value(given: object, hint: Any, where: str) -> Any:  # noqa: ANN401, PLR0911 - as the hint says
    """Return one value as its type asks.

    Raises:
        SchemeFileInvalid: It is of another type, or out of its range.
    """
    if get_origin(hint) in {Union, UnionType}:
        if given == NOTHING:
            return None
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
        return value(given, hint, where)
    if get_origin(hint) is tuple:
        if not isinstance(given, list):
            raise SchemeFileInvalid(f"{where} is {given!r}. Write a list in brackets.")
        return tuple(
            value(one, get_args(hint)[0], f"{where} [{place}]") for place, one in enumerate(given)
        )
    if hint is Money:
        return amount(given, where)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _switch(given, hint, where)
    if is_dataclass(hint) and isinstance(hint, type):
        return read(given, into=hint, where=where)
    return _simple(given, hint, where)


def amount(given: object, where: str) -> Money:
    """Return an amount as files write it: `"150,000.00 USD"`, zero or more.

    Raises:
        SchemeFileInvalid: It is no such text, or says more digits than the currency has.
    """
    match = AMOUNT.fullmatch(given) if isinstance(given, str) else None
    if not match or match[2] not in MINOR_DIGITS:
        raise SchemeFileInvalid(
            f'{where} is {given!r}. Write an amount and its ISO currency, such as "150,000.00 USD".'
        )
    digits = MINOR_DIGITS[match[2]]
    minor = Decimal(match[1].replace(",", "").replace("_", "")) * 10**digits
    if minor != minor.to_integral_value():
        raise SchemeFileInvalid(
            f"{where} is {given!r}; {match[2]} has {digits} digits after the point."
        )
    return Money(int(minor), match[2])


def _switch(given: object, hint: type[StrEnum], where: str) -> StrEnum:
    try:
        return hint(given)  # type: ignore[arg-type]
    except ValueError:
        allowed = ", ".join(hint)
        raise SchemeFileInvalid(f"{where} is {given!r}. Choose one of: {allowed}.") from None


def _simple(given: object, hint: Any, where: str) -> Any:  # noqa: ANN401 - as the hint says
    wanted = {
        bool: "true or false", int: "a whole number", str: "a text",
        date: "a date without quotes, such as 2026-01-31",
    }  # fmt: skip
    # A bool is an int to Python, and a datetime a date; to a reader of terms neither is.
    if type(given) is not hint or isinstance(given, datetime):
        raise SchemeFileInvalid(f"{where} is {given!r}. Write {wanted[hint]}.")
    name = where.rpartition(", ")[2]
    if hint is int and name.endswith(COUNTED) and given < 0:  # type: ignore[operator]
        raise SchemeFileInvalid(f"{where} is {given}. Write zero or more.")
    for ending, most in MOST.items():
        if hint is int and name.endswith(ending) and given > most:  # type: ignore[operator]
            raise SchemeFileInvalid(f"{where} is {given}. Write at most {most}.")
    if isinstance(given, date) and given.year not in YEARS:
        raise SchemeFileInvalid(f"{where} is {given}. Write a day from {YEARS[0]} to {YEARS[-1]}.")
    if hint is str and not str(given).strip():
        raise SchemeFileInvalid(f"{where} is empty. Write a text.")
    return given


def _required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def types_of(into: Any) -> dict[str, Any]:  # noqa: ANN401 - a class
    """Return the type of each field of a dataclass."""
    return get_type_hints(into)
