"""Numbers of firms, papers and goods: what a well-formed one looks like, and what to do if not.

Every `check_…` returns the number as the registers write it, or raises `IdentifierInvalid`.
Capital letters and ASCII digits only, because the checks in bulk compare texts as they stand.
Codes from a table (currency, country, unit) are asked for their `Standing` instead, for an
unlisted code may be newer than the table, while a malformed one cannot be right.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stdnum.cn import uscc

from tradeloop.kit import codes

FIRM = "0-9A-HJ-NPQRTUWXY"  # the letters I, O, S, V and Z would be misread
USCC = re.compile(f"[{FIRM}]{{2}}[0-9]{{6}}[{FIRM}]{{10}}")
CUSTOMS_CODE = re.compile("[0-9A-Z]{10}")
DECLARATION = re.compile("[0-9]{4}(19|20)[0-9]{2}[01][0-9]{9}")
LIST = re.compile("[0-9]{4}(19|20)[0-9]{2}[IE][0-9]{9,11}")
PRE_ENTRY = re.compile("B(?P<day>[0-9]{8})[0-9]{9}")
HS = re.compile("(?!00)[0-9]{4}([0-9]{2}){0,3}")
TABLE_CODE = re.compile("[0-9]{3}|[A-Z]{3}")
UNIT = re.compile("[0-9]{3}")


class IdentifierInvalid(ValueError):
    """The text cannot be a number of this kind."""


class Standing(StrEnum):
    """How a code stands to its table."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    """Well-formed, but not listed: worth a note."""
    MALFORMED = "malformed"
    """Cannot be such a code at all: to be refused."""


class FirmCodeKind(StrEnum):
    """Which register numbered the firm."""

    CUSTOMS = "customs"
    USCC = "uscc"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmCode:
    """The number of a firm, in one of the two ways that customs messages carry it."""

    kind: FirmCodeKind
    text: str


def check_uscc(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码) without spaces and hyphens.

    Raises:
        IdentifierInvalid: The shape or the check digit is wrong.

    Source:
        GB 32100-2015: 18 places, the last a check digit. The first two may be letters.
    """
    compact = _ungrouped(text)
    _shaped(
        USCC,
        compact,
        name="a unified social credit code",
        shape="18 places: digits and capital letters without I, O, S, V, Z; "
        "the third to eighth are digits",
    )
    expected = uscc.calc_check_digit(compact[:-1])
    if compact[-1] != expected:
        raise IdentifierInvalid(
            f"{compact!r} ends in {compact[-1]}, but its other places ask for {expected}. "
            "Copy it again from the business licence: one place is wrong."
        )
    return compact


def check_customs_code(text: str) -> str:
    """Return a firm's customs registration code (海关注册编码): 10 digits and capital letters."""
    return _shaped(
        CUSTOMS_CODE,
        text,
        name="a customs registration code",
        shape="10 digits or capital letters",
    )


def check_firm_code(text: str) -> FirmCode:
    """Return a firm's code with its kind, for fields that may carry either.

    Raises:
        IdentifierInvalid: It has the shape of neither, or a wrong check digit.
    """
    if CUSTOMS_CODE.fullmatch(text):
        return FirmCode(kind=FirmCodeKind.CUSTOMS, text=text)
    if USCC.fullmatch(_ungrouped(text)):
        return FirmCode(kind=FirmCodeKind.USCC, text=check_uscc(text))
    raise _invalid(
        text,
        name="a firm's code",
        shape="10 places (customs registration) or 18 (unified social credit code)",
    )


def check_declaration_number(text: str) -> str:
    """Return the number of a customs declaration (报关单编号)."""
    return _shaped(
        DECLARATION,
        text,
        name="a declaration number",
        shape="18 digits: office (4), year (4), 1 for import or 0 for export, serial (9)",
    )


def check_list_number(text: str) -> str:
    """Return the number of a customs list (清单编号, invtNo)."""
    return _shaped(
        LIST,
        text,
        name="a list number",
        shape="office (4 digits), year (4), I or E, serial (9 to 11 digits)",
    )


def check_pre_entry_number(text: str) -> str:
    """Return the number that the port's system gave a list before customs did (preNo)."""
    shape = "B, a day as yyyymmdd, serial (9 digits)"
    _shaped(PRE_ENTRY, text, name="a pre-entry number", shape=shape)
    try:
        datetime.strptime(text[1:9], "%Y%m%d")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise _invalid(text, name="a pre-entry number", shape=shape) from None
    return text


def check_hs_code(text: str) -> str:
    """Return a code of goods: heading (4), subheading (6) or national line (8 or 10 digits)."""
    return _shaped(
        HS, text, name="an HS code", shape="4, 6, 8 or 10 digits, of a chapter from 01 upwards"
    )


def currency_standing(text: str) -> Standing:
    """Say how a currency's ISO letters or customs digits stand to the table."""
    return _standing(text, TABLE_CODE, listed=codes.currency(text) is not None)


def country_standing(text: str) -> Standing:
    """Say how a country's ISO letters or customs digits stand to the table."""
    return _standing(text, TABLE_CODE, listed=codes.country(text) is not None)


def unit_standing(text: str) -> Standing:
    """Say how the three digits of a unit of quantity stand to the table."""
    return _standing(text, UNIT, listed=codes.unit(text) is not None)


def _ungrouped(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _standing(text: str, shape: re.Pattern[str], *, listed: bool) -> Standing:
    if listed:
        return Standing.KNOWN
    return Standing.UNKNOWN if shape.fullmatch(text) else Standing.MALFORMED


def _shaped(pattern: re.Pattern[str], text: str, *, name: str, shape: str) -> str:
    if pattern.fullmatch(text):
        return text
    raise _invalid(text, name=name, shape=shape)


def _invalid(text: str, *, name: str, shape: str) -> IdentifierInvalid:
    hint = " Write its letters as capitals." if text != text.upper() else ""
    return IdentifierInvalid(
        f"{text!r} ({len(text)} places) is not {name}. Expected {shape}.{hint} "
        "Copy it again from the paper that gave it."
    )
