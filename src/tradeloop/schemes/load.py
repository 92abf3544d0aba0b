"""The terms of a scheme on a day: read from its folder into the class that the caller brings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tradeloop.kit.terms import Dated, in_force
from tradeloop.schemes import read as reading
from tradeloop.schemes.read import SchemeFileInvalid

T = TypeVar("T", bound=Dated)

SHIPPED = Path(__file__).parent
FILE = "scheme.toml"
WORDS = ("name", "summary")
"""What a scheme says of itself; every other key of the file is a section."""


class SchemeUnknown(LookupError):
    """No folder of schemes holds one of that code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One folder: its code and line are the names of the folder and of the one above it."""

    code: str
    line: str
    name: str
    summary: str
    folder: Path
    sections: Mapping[str, Sequence[object]]  # blocks of terms as the file has them


def load(scheme: str, section: str, *, into: type[T], on: date, folder: Path | None = None) -> T:
    """Return the terms of one section of a scheme on a day.

    Args:
        scheme: Its code, the name of its folder.
        section: The step that asks: `premium`, `cover`, `claims`, `recovery`.
        into: The step's own class; the loader knows no step.
        on: The day on which the terms must count.
        folder: One's own folder of schemes, looked through beside those that come with us.

    Raises:
        SchemeUnknown: There is no such scheme; the message names those there are.
        SchemeFileInvalid: The file has an unknown, missing or ill-typed key.
        NoTermsYet: The day lies before the first terms.
    """
    return in_force(versions(find(scheme, folder=folder), section, into=into), on)


def versions(scheme: Scheme, section: str, *, into: type[T]) -> tuple[T, ...]:
    """Return every dated version of a section, the earliest first.

    Raises:
        SchemeFileInvalid: The section is missing, or a block of it cannot be used.
    """
    file = scheme.folder / FILE
    if section not in scheme.sections:
        has = ", ".join(scheme.sections) or "none"
        raise SchemeFileInvalid(
            f"{file}: no section {section}; it has {has}. Add [[{section}.terms]]."
        )
    found: dict[date, T] = {}
    for place, row in enumerate(scheme.sections[section], 1):
        where = f"{file}, [[{section}.terms]] {place}"
        one = reading.read(row, into=into, where=where, added={"scheme": scheme.code})
        if one.from_date in found:
            raise SchemeFileInvalid(
                f"{where}: from_date {one.from_date} stands twice. Give each version its own day."
            )
        found[one.from_date] = one
    return tuple(found[day] for day in sorted(found))


def overridden(terms: T, values: Mapping[str, object], *, where: str) -> T:
    """Return terms with some of their figures replaced, as worked examples do.

    Raises:
        SchemeFileInvalid: A key is unknown or ill-typed.
    """
    hints = {one.name: one for one in fields(terms) if one.name not in {"scheme", "from_date"}}
    reading.check_keys(values, hints, [], where)
    types = reading.types_of(type(terms))
    changed: dict[str, Any] = {
        name: reading.value(one, types[name], f"{where}, {name}") for name, one in values.items()
    }
    try:
        return replace(terms, **changed)
    except ValueError as error:
        raise SchemeFileInvalid(f"{where}: {error}") from None


def find(code: str, *, folder: Path | None = None) -> Scheme:
    """Return one scheme by its code.

    Raises:
        SchemeUnknown: There is none, the message names those there are; or there are two.
        SchemeFileInvalid: Its file cannot be used.
    """
    paths = [path for path in _folders(folder) if path.name == code]
    if len(paths) == 1:
        return _scheme(paths[0])
    if paths:
        raise SchemeUnknown(
            f"Two folders hold a scheme {code}: {paths[0]} and {paths[1]}. Rename one."
        )
    there = ", ".join(path.name for path in _folders(folder)) or "none"
    raise SchemeUnknown(f"There is no scheme {code!r}. There are: {there}.")


def every(*, folder: Path | None = None) -> tuple[Scheme, ...]:
    """Return all schemes, those that come with us first."""
    return tuple(_scheme(path) for path in _folders(folder))


def _folders(own: Path | None) -> list[Path]:
    if own is not None and not own.is_dir():
        raise SchemeUnknown(f"{own} is no folder. Name one that holds LINE/CODE/{FILE}.")
    roots = [SHIPPED, *([own] if own else [])]
    return [file.parent for root in roots for file in sorted(root.glob(f"*/*/{FILE}"))]


def _scheme(folder: Path) -> Scheme:
    file = folder / FILE
    content = toml(file)
    sections = {name: one for name, one in content.items() if isinstance(one, dict)}
    words = {name: one for name, one in content.items() if name not in sections}
    missing = [name for name in WORDS if name not in words]
    reading.check_keys(words, dict.fromkeys(WORDS), missing, f"{file}, before its sections")
    for name in WORDS:
        reading.value(words[name], str, f"{file}, {name}")
    for name, one in sections.items():
        where = f"{file}, section {name}"
        reading.check_keys(one, {"terms": None}, [] if "terms" in one else ["terms"], where)
        if not isinstance(one["terms"], list) or not one["terms"]:
            raise SchemeFileInvalid(f"{where}: no block of terms. Write [[{name}.terms]].")
    return Scheme(
        code=folder.name, line=folder.parent.name, name=words["name"], summary=words["summary"],
        folder=folder, sections={name: one["terms"] for name, one in sections.items()},
    )  # fmt: skip


def toml(file: Path) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises:
        SchemeFileInvalid: It cannot be read, or is no TOML; the message says where.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SchemeFileInvalid(
            f"{file}: {error.strerror}. Name a file that can be read."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeFileInvalid(f"{file} is no TOML in UTF-8: {error}. Mend it there.") from None
