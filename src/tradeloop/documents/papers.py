"""The papers that are not customs messages, as data: which kinds, which fields, which headings.

`paper_kinds.csv` names each kind and its tables, `paper_fields.csv` its fields with their headings
in Chinese and English, `paper_choices.csv` the words that a field of few values may hold. The
facts, the readers, the templates and the reference all stand on these.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, eq=False)  # each is there once, and is known by itself
class PaperField:
    """One column of a paper.

    `need` is `key` (without it the paper cannot be joined and is refused), `R` (must be filled),
    or empty; a need with a name, such as `key:merchant`, is met by one of the fields that share it.
    """

    name: str
    type: str  # text, choice, decimal, quantity, integer, date, time
    need: str
    form: str  # what the value must look like: uscc, entry_id, currency, a list of choices …
    zh: tuple[str, ...]  # headings; the first stands in templates
    en: tuple[str, ...]
    example: str
    meaning: str

    @property
    def is_key(self) -> bool:
        """Whether a paper without it is refused."""
        return self.need.partition(":")[0] == "key"

    @property
    def required(self) -> bool:
        """Whether it, or one of its group, must be filled."""
        return bool(self.need)

    @property
    def group(self) -> str:
        """The fields of one group stand for each other; empty where it stands alone."""
        return self.need.partition(":")[2]


@dataclass(frozen=True, slots=True, eq=False)  # each is there once, and is known by itself
class PaperKind:
    """One kind of paper: its heads, its lines if it has any, and the tables its facts go to."""

    kind: str
    table: str
    line_table: str
    name_zh: str
    name_en: str
    head_fields: tuple[PaperField, ...]
    line_fields: tuple[PaperField, ...]

    @property
    def key(self) -> tuple[PaperField, ...]:
        """The fields that tell one paper of this kind from another."""
        return tuple(field for field in self.head_fields if field.is_key)


@cache
def paper_kinds() -> Mapping[str, PaperKind]:
    """Return every kind of paper that comes as a table, by its name (`MP.trade`)."""
    fields: dict[tuple[str, str], list[PaperField]] = {}
    for row in _rows("paper_fields.csv"):
        fields.setdefault((row["kind"], row["part"]), []).append(_field(row))
    return {
        row["kind"]: PaperKind(
            kind=row["kind"],
            table=row["table"],
            line_table=row["line_table"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            head_fields=tuple(fields[row["kind"], "head"]),
            line_fields=tuple(fields.get((row["kind"], "line"), ())),
        )
        for row in _rows("paper_kinds.csv")
    }


@cache
def names_zh() -> Mapping[str, str]:
    """Return the Chinese heading of each field, where its name means one thing in every paper."""
    found: dict[str, set[str]] = {}
    for kind in paper_kinds().values():
        for field in (*kind.head_fields, *kind.line_fields):
            found.setdefault(field.name, set()).add(field.zh[0])
    return {name: next(iter(words)) for name, words in found.items() if len(words) == 1}


@cache
def choices() -> Mapping[str, Mapping[str, str]]:
    """Return for each form with few values the value behind each word, in small letters."""
    found: dict[str, dict[str, str]] = {}
    for row in _rows("paper_choices.csv"):
        words = found.setdefault(row["form"], {})
        words[row["value"].lower()] = row["value"]
        words |= {word.lower(): row["value"] for word in row["words"].split("|") if word}
    return found


def _field(row: Mapping[str, str]) -> PaperField:
    return PaperField(
        name=row["name"],
        type=row["type"],
        need=row["need"],
        form=row["form"],
        zh=tuple(row["zh"].split("|")),
        en=tuple(row["en"].split("|")),
        example=row["example"],
        meaning=row["meaning"],
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tradeloop.documents").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
