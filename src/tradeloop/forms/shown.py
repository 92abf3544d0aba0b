"""Facts as a paper writes them: figures and capitals, names of countries, masked accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from tradeloop.forms.capitals import capitals
from tradeloop.forms.facts import Named, Payee
from tradeloop.forms.lines import lines, percent
from tradeloop.kit import codes
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import Money

ACCOUNT_SHOWN = 4
"""Letters at the end of an account by which its holder knows it, and nobody else can use it."""


def shown(value: object, words: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return facts as the templates take them.

    Args:
        value: A paper of `forms.facts`, or a part of it.
        words: The scheme's, for the lines of calculations.
    """
    for kind, write in WRITERS.items():
        if isinstance(value, kind):
            return write(value, words)
    if is_dataclass(value):
        return {name: _field(name, getattr(value, name), words) for name in _names(type(value))}
    if isinstance(value, tuple):
        return [shown(one, words) for one in value]
    return value


def masked(account: str) -> str:
    """Return the last letters of an account; of a short one, nothing."""
    plain = "".join(account.split())
    return "•••• " + (plain[-ACCOUNT_SHOWN:] if len(plain) > 2 * ACCOUNT_SHOWN else "")


def _names(kind: type) -> list[str]:
    """Return what a class of facts holds, and what it works out of that."""
    worked_out = [name for name, one in vars(kind).items() if isinstance(one, property)]
    return [one.name for one in fields(kind)] + worked_out


def _field(name: str, value: object, words: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the same
    if name.endswith("_bp") and isinstance(value, int):
        return percent(value)
    return shown(value, words)


def _amount(amount: Money, _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": str(amount), "figure": str(amount).removesuffix(f" {amount.currency}"),
        "currency": amount.currency, "capitals": capitals(amount), "is_zero": not amount.minor,
    }  # fmt: skip


def _named(party: Named, _: Mapping[str, Any]) -> dict[str, Any]:
    known = codes.country(party.country) if party.country else None
    country = {"zh": known.name_zh, "en": known.name_en} if known else None
    if known is None and party.country:
        country = {"zh": party.country, "en": party.country}
    return {"name": party.name, "key": party.key, "country": country}


def _explained(one: Explained, words: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "result": _amount(one.result, words),
        "lines": [
            {**line, "change": _amount(step.change, words), "figure": _amount(step.figure, words)}
            for line, step in zip(lines(one, words), one.lines, strict=True)
        ],
    }  # fmt: skip


WRITERS: Mapping[type, Callable[[Any, Mapping[str, Any]], Any]] = {
    Money: _amount,
    Named: _named,
    Explained: _explained,
    Payee: lambda payee, _: {
        "name": payee.name, "account": masked(payee.account), "bank": payee.bank
    },
    Enum: lambda one, _: one.value,
    datetime: lambda at, _: f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    date: lambda on, _: on.isoformat(),
}  # fmt: skip
"""Asked in this order: a moment is a day too."""
