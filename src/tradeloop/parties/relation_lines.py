"""A table of related parties: each line is taken or told, and none stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tradeloop.parties import relations
from tradeloop.parties.list_lines import ListRefused, day_of, heading_of
from tradeloop.parties.tokens import cleaned

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "a": ("a", "party", "first", "甲方", "一方", "商户"),
    "b": ("b", "related party", "second", "乙方", "另一方", "关联方"),
    "from": ("from", "起", "起始日期", "生效日期"),
    "to": ("to", "止", "截止日期", "失效日期"),
    "because": ("because", "reason", "原因", "关系"),
    "source": ("source", "来源"),
}
NEEDED = ("a", "b", "because")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import of relations came to; `refused` names lines."""

    taken: int
    known: int
    refused: tuple[str, ...]


@transaction.atomic
def import_relations(
    *, table: Iterable[tuple[int, Sequence[str]]], at: datetime, from_date: date, source: str = ""
) -> Imported:
    """Take a table of related parties; the same again changes nothing.

    Args:
        table: Line number and cells; the first row that is not empty has the headings.
        at: When it comes.
        from_date: For lines that say no first day.
        source: For lines that name none.

    Raises:
        ListRefused: The headings do not say who is related, and why.
    """
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in table if any(cells)]
    names = _names(rows[0][1] if rows else [])
    given: dict[tuple[str, str, date], relations.Given] = {}
    refused = []
    for line, cells in rows[1:]:
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        try:
            one = relations.Given(
                a=row.get("a", ""), b=row.get("b", ""),
                from_date=day_of(row.get("from", "")) or from_date,
                to_date=day_of(row.get("to", "")), because=cleaned(row.get("because", "")),
                source=cleaned(row.get("source", "")) or source,
            )  # fmt: skip
        except ListRefused as error:
            refused.append(f"line {line}: {error}")
            continue
        if wrong := one.wrong():
            refused.append(f"line {line}: {wrong}")
        elif given.setdefault(one.pair, one) != one:
            refused.append(f"line {line}: another line says otherwise of {one.a} and {one.b}")
    news = relations.keep(list(given.values()), at)
    return Imported(taken=sum(news), known=len(news) - sum(news), refused=tuple(refused))


def _names(first: Sequence[str]) -> list[str | None]:
    by_word = {heading_of(word): name for name, words in HEADINGS.items() for word in words}
    names = [by_word.get(heading_of(cell)) for cell in first]
    if any(names.count(name) != 1 for name in NEEDED):
        raise ListRefused(
            f"Check the headings {', '.join(first) or 'of an empty file'}: each of a, b and "
            f"because is there once. Known are {'; '.join('/'.join(w) for w in HEADINGS.values())}."
        )
    return names
