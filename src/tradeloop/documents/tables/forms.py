"""Codes and numbers in papers: what each must look like, and the names people write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import NamedTuple

from tradeloop.kit import codes
from tradeloop.kit.identifiers import (
    IdentifierInvalid,
    Standing,
    check_customs_code,
    check_declaration_number,
    check_hs_code,
    check_uscc,
    country_standing,
    currency_standing,
)

SYMBOLS: Mapping[str, frozenset[str]] = {
    "US$": frozenset({"USD"}),
    "HK$": frozenset({"HKD"}),
    "C$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "S$": frozenset({"SGD"}),
    "RMB": frozenset({"CNY"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY"}),
    "$": frozenset({"USD", "HKD", "CAD", "AUD", "SGD", "NZD", "TWD", "MXN", "BRL", "CLP"}),
}
NICKNAMES = {"RMB": "CNY", "元": "CNY", "美金": "USD", "人民币元": "CNY", "港元": "HKD"}
NICKNAMES |= {"欧": "EUR", "日圆": "JPY", "英镑": "GBP", "US$": "USD", "HK$": "HKD"}
MARK = re.compile(r"^([^\d(.+-]{1,6}?)\s*(?=[\d(.+-])|(?<=[\d).-])\s*([^\d).-]{1,6})$", re.ASCII)
CODE_OF_FOUR = re.compile(r"\d{4}", re.ASCII)
NAMED_CODE = re.compile(r"([^\d()]*?)\s*\(?(\d{4})\)?\s*([^\d()]*)", re.ASCII)
INVOICE = re.compile(r"\d{20}", re.ASCII)
DOTTED = re.compile(r"\d{2,4}(\.\d{2}){1,4}", re.ASCII)
PER_CENT, WHOLE_BP = 100, 10_000


class Found(NamedTuple):
    """The value as the facts keep it, and what is told where it does not have its form."""

    value: str
    code: str = ""
    expected: str = ""


@lru_cache(maxsize=16_384)  # papers repeat their firms, units and countries
def read_form(form: str, text: str, was_number: bool) -> Found:  # noqa: FBT001 - a key of the cache
    """Return the value of a text that must have a form; `was_number`: its leading zeros are lost.

    A value that has not its form is kept as it is and told.
    """
    return FORMS[form](unicodedata.normalize("NFKC", text), was_number)


def currencies_of(mark: str) -> frozenset[str]:
    """Return the currencies that a mark beside an amount may mean; none if it is no mark."""
    mark = mark.strip().upper()
    if mark in SYMBOLS:
        return SYMBOLS[mark]
    found = _currency(mark, was_number=False)
    return frozenset() if found.code else frozenset({found.value})


def without_mark(text: str) -> tuple[str, frozenset[str] | None]:
    """Return an amount without the mark of its currency, and what the mark allows.

    >>> without_mark("US$ 1,200.00"), without_mark("12")
    (('1,200.00', frozenset({'USD'})), ('12', None))
    """
    found = MARK.search(text)
    allowed = currencies_of(found[1] or found[2]) if found else frozenset()
    if not found or not allowed:
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(), allowed


def basis_points(text: str) -> int | None:
    """Return a rate in basis points; below 1 a fraction, below 100 a percentage.

    No tax is as high as 100 per cent, so that 100 without a sign is one per cent.

    >>> basis_points("13%"), basis_points("0.13"), basis_points("13"), basis_points("1300")
    (1300, 1300, 1300, 1300)
    """
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    if text in {"免税", "不征税", "零税率", "免征"}:
        return 0
    percent = text.endswith("%")
    try:
        rate = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    if not rate.is_finite() or rate < 0:
        return None
    if percent or 1 <= rate < PER_CENT:
        rate *= PER_CENT
    elif rate < 1:
        rate *= WHOLE_BP
    return int(rate) if rate <= WHOLE_BP and rate == int(rate) else None


def _checked(check: Callable[[str], str], code: str) -> Callable[[str, bool], Found]:
    def read(text: str, _: bool) -> Found:  # noqa: FBT001 - one face
        try:
            return Found(check(text))
        except IdentifierInvalid as error:
            return Found(text, code, str(error))

    return read


def _currency(text: str, was_number: bool) -> Found:  # noqa: ARG001, FBT001 - one face
    text = NICKNAMES.get(text.upper(), text)
    text = _currency_names().get(text, text)
    if found := codes.currency(text) or codes.currency(text.upper()):
        return Found(found.iso)
    if currency_standing(text) is Standing.UNKNOWN:
        return Found(text, "currency-unknown", "a currency of ISO 4217 that our table has")
    return Found(text, "currency-malformed", "a currency such as USD or 美元")


def _country(text: str, _: bool) -> Found:  # noqa: FBT001 - one face
    text = _country_names().get(text.lower(), text)
    found = codes.country(text) or codes.country(text.upper())
    if found and found.iso3:
        return Found(found.iso3)
    if country_standing(text) is Standing.UNKNOWN:
        return Found(text, "country-unknown", "a country of ISO 3166 that our table has")
    return Found(text, "country-malformed", "a country such as ARE or 阿联酋")


def _unit(text: str, was_number: bool) -> Found:  # noqa: FBT001 - one face
    code = text.zfill(3) if was_number else text
    if codes.unit(code):
        return Found(code)
    return Found(_names("units").get(text, text))


def _four(table: str, name: str) -> Callable[[str, bool], Found]:
    def read(text: str, was_number: bool) -> Found:  # noqa: FBT001 - one face
        code = text.zfill(4) if was_number else _coded(table, text)
        if code in _all_codes(table):
            return Found(code)
        if CODE_OF_FOUR.fullmatch(code):
            return Found(code, f"{name}-unknown", "a code that the customs table has")
        return Found(code, f"{name}-malformed", "a customs code of four digits, or its name")

    return read


def _coded(table: str, text: str) -> str:
    """Return the code that a text gives, by its name, or beside its name as agents print it.

    >>> _coded("trade_modes", "市场采购(1039)"), _coded("trade_modes", "市场采购(9610)")
    ('1039', '市场采购(9610)')
    """
    names = _names(table)
    if text in names:
        return names[text]
    found = NAMED_CODE.fullmatch(text)
    if not found:
        return text
    before, code, after = found.groups()
    name = before.strip() or after.strip()
    return text if (before and after) or names.get(name, code) != code else code


def _hs(text: str, was_number: bool) -> Found:  # noqa: FBT001 - one face
    code = text.replace(".", "") if DOTTED.fullmatch(text) else text
    if was_number and len(code) % 2:
        code = f"0{code}"
    try:
        return Found(check_hs_code(code))
    except IdentifierInvalid as error:
        return Found(text, "hs-malformed", str(error))


def _hs10(text: str, was_number: bool) -> Found:  # noqa: FBT001 - one face
    found = _hs(text, was_number)
    if found.code or len(found.value) == 10:  # noqa: PLR2004 - the national line
        return found
    return Found(found.value, "hs-malformed", "10 digits, as a declaration has them")


def _invoice(text: str, _: bool) -> Found:  # noqa: FBT001 - one face
    if INVOICE.fullmatch(text):
        return Found(text)
    return Found(text, "invoice-number-malformed", "the 20 digits of a fully digital invoice")


FORMS: Mapping[str, Callable[[str, bool], Found]] = {
    "uscc": _checked(check_uscc, "firm-code-malformed"),
    "customs_code": _checked(check_customs_code, "firm-code-malformed"),
    "entry_id": _checked(check_declaration_number, "declaration-number-malformed"),
    "invoice_number": _invoice,
    "currency": _currency,
    "country": _country,
    "unit": _unit,
    "hs": _hs,
    "hs10": _hs10,
    "mode": _four("trade_modes", "trade-mode"),
    "office": _four("customs_offices", "customs-office"),
}


@cache
def _names(table: str) -> Mapping[str, str]:
    """Return the code behind each Chinese name; where two share a name, the first counts."""
    return {row["name_zh"]: row["code"] for row in reversed(codes.table(table))}


@cache
def _all_codes(table: str) -> frozenset[str]:
    return frozenset(row["code"] for row in codes.table(table))


@cache
def _currency_names() -> Mapping[str, str]:
    return {row["name_zh"]: row["iso"] for row in codes.table("currencies") if row["name_zh"]}


@cache
def _country_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in codes.table("countries"):
        english = row["name_en"].lower()
        for name in (row["name_zh"], english, english.removesuffix(" (the)")):
            found.setdefault(name, row["iso3"])
    return found
