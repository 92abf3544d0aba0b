"""What `tradeloop schemes` does: shows terms, runs worked examples, copies a folder."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli import exits
from tradeloop.cli.schemes.calls import SECTIONS, answer
from tradeloop.cli.screen import console, fail
from tradeloop.kit.money import Money
from tradeloop.kit.terms import NoTermsYet, digest, in_force, plain
from tradeloop.schemes import cases as examples
from tradeloop.schemes.cases import Case, read_cases
from tradeloop.schemes.load import FILE, Scheme, SchemeUnknown, every, find, versions
from tradeloop.schemes.read import NOTHING, SchemeFileInvalid, amount

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REFUSALS = (SchemeUnknown, SchemeFileInvalid, NoTermsYet)
OF_THE_FILE = {"scheme", "from_date", "source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that did not come out as expected."""

    key: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one worked example came to."""

    scheme: str
    case: Case
    differences: tuple[Difference, ...]
    answer: Mapping[str, Any]


def show_list(folder: Path | None, *, as_json: bool) -> None:
    """List the schemes with the days of their versions."""
    try:
        found = [(one, _days(one)) for one in every(folder=folder)]
    except REFUSALS as error:
        raise fail(str(error)) from None
    if as_json:
        rows = [
            {"code": one.code, "line": one.line, "name": one.name, "summary": one.summary,
             "versions": [str(day) for day in days]}
            for one, days in found
        ]  # fmt: skip
        typer.echo(json.dumps({"schemes": rows}, ensure_ascii=False))
        return
    table = Table(title="Schemes", title_justify="left")
    for heading in ("code", "line", "name", "terms from"):
        table.add_column(heading, overflow="fold")
    for one, days in found:
        dates = ", ".join(str(day) for day in days)
        table.add_row(one.code, one.line, escape(one.name), dates)
    console().print(table)


def show(code: str, folder: Path | None, on: date, *, as_json: bool) -> None:
    """Show every section's terms on a day, with source and digest."""
    try:
        scheme = find(code, folder=folder)
        sections = {
            name: in_force(versions(scheme, name, into=SECTIONS[name]), on)
            for name in _sections(scheme)
        }
    except REFUSALS as error:
        raise fail(str(error)) from None
    if as_json:
        said = {
            name: {"digest": digest(one), "terms": plain(one)} for name, one in sections.items()
        }
        head = {"code": scheme.code, "line": scheme.line, "name": scheme.name, "on": str(on)}
        typer.echo(json.dumps({**head, "sections": said}, ensure_ascii=False))
        return
    console().print(escape(f"{scheme.name}\n{scheme.summary}\n"))
    for name, terms in sections.items():
        table = Table(title=f"{name}, from {terms.from_date}", title_justify="left")
        table.add_column("term", overflow="fold")
        table.add_column("value", overflow="fold")
        for one in fields(terms):
            if one.name not in OF_THE_FILE:
                table.add_row(one.name, escape(_said(getattr(terms, one.name))))
        console().print(table)
        console().print(escape(f"Source: {terms.source}\nDigest: {digest(terms)}\n"))


def check(code: str | None, file: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Run worked examples; end with 1 if one differs, 2 if a file cannot be used."""
    try:
        schemes = [find(code, folder=folder)] if code else list(every(folder=folder))
        if file is not None and len(schemes) != 1:
            names = ", ".join(one.code for one in schemes)
            raise SchemeUnknown(f"Say whose terms {file} is about: one of {names}.")
        outcomes = [one for scheme in schemes for one in outcomes_of(scheme, file)]
    except REFUSALS as error:
        raise fail(str(error)) from None
    _tell(outcomes, schemes, as_json=as_json)
    if any(one.differences for one in outcomes):
        raise typer.Exit(exits.WRONG)


def new(code: str, source: str, into: Path | None, own: Path | None) -> None:
    """Copy a scheme's folder under another code, into one's own folder, which may be new."""
    into = into or own or Path("schemes")
    folder = own if own and own.is_dir() else None
    try:
        scheme = find(source, folder=folder)
        if not CODE.fullmatch(code):
            raise SchemeUnknown(
                f"{code!r} is no code. Write small letters and digits with hyphens."
            )
        taken = [one.code for one in every(folder=folder)]
        target = into / scheme.line / code
        if code in taken or any(into.glob(f"*/{code}")):
            raise SchemeUnknown(f"There is a scheme {code} already. Choose another code.")
    except REFUSALS as error:
        raise fail(str(error)) from None
    shutil.copytree(scheme.folder, target)
    typer.echo(
        f"{target} is a copy of {source}. Change {FILE}, {examples.FILE} and README.md, "
        f"then: tradeloop schemes check {code} --folder {into}"
    )


def outcomes_of(scheme: Scheme, file: Path | None = None) -> Iterable[Outcome]:
    """Run the examples of a scheme, or those of another file under its terms.

    Raises:
        SchemeFileInvalid: A file says something that cannot be used.
        NoTermsYet: An example lies before the first terms.
    """
    for name in _sections(scheme):
        versions(scheme, name, into=SECTIONS[name])
    for case in read_cases(file or scheme.folder / examples.FILE):
        try:
            got = answer(scheme, case)
        except SchemeFileInvalid:
            raise
        except (ValueError, NoTermsYet) as error:
            raise SchemeFileInvalid(f"{case.where}: {error}") from None
        yield Outcome(
            scheme=scheme.code, case=case, answer=got,
            differences=tuple(_differences(case.expect, got, f"{case.where}, expect")),
        )  # fmt: skip


def _differences(
    expect: Mapping[str, Any], got: Mapping[str, Any], where: str, prefix: str = ""
) -> Iterable[Difference]:
    for name, wanted in expect.items():
        if name not in got:
            raise SchemeFileInvalid(
                f"{where}: unknown: {prefix}{name}. It may say: {', '.join(got)}."
            )
        seen = got[name]
        if isinstance(seen, Mapping) and isinstance(wanted, Mapping):
            yield from _differences(wanted, seen, where, f"{prefix}{name}.")
        elif _wanted(wanted, seen, f"{where}, {prefix}{name}") != seen:
            yield Difference(key=f"{prefix}{name}", expected=_said(wanted), got=_said(seen))


def _wanted(wanted: object, seen: object, where: str) -> object:
    """Return what is expected, read as what came out is.

    Raises:
        SchemeFileInvalid: It could never be equal, being of another kind.
    """
    if NOTHING in (wanted, seen):
        return wanted
    if isinstance(seen, Money) and isinstance(wanted, str):
        below_zero = wanted.startswith("-")
        found = amount(wanted.removeprefix("-"), where)
        return Money(-found.minor, found.currency) if below_zero else found
    if type(wanted) is not type(seen):
        raise SchemeFileInvalid(
            f"{where} is {wanted!r}. Write it like what came out: {_said(seen)}."
        )
    return wanted


def _tell(outcomes: list[Outcome], schemes: list[Scheme], *, as_json: bool) -> None:
    failed = [one for one in outcomes if one.differences]
    if as_json:
        results = [
            {"scheme": one.scheme, "id": one.case.id, "says": one.case.says,
             "calls": one.case.calls, "passed": not one.differences,
             "differences": [plain(each) for each in one.differences],
             "answer": _as_text(one.answer)}
            for one in outcomes
        ]  # fmt: skip
        counts = {"schemes": len(schemes), "cases": len(outcomes), "failed": len(failed)}
        typer.echo(json.dumps({**counts, "results": results}, ensure_ascii=False))
        return
    for one in failed:
        typer.echo(f"{one.scheme} {one.case.id}: {one.case.says}")
        for each in one.differences:
            typer.echo(f"  {each.key}: expected {each.expected}, got {each.got}")
        for name, change in one.answer.get("lines", {}).items():
            typer.echo(f"    {name}: {_said(change)}")
    typer.echo(f"{len(outcomes) - len(failed)} of {len(outcomes)} examples came out as expected.")


def _sections(scheme: Scheme) -> tuple[str, ...]:
    unknown = [name for name in scheme.sections if name not in SECTIONS]
    missing = [name for name in SECTIONS if name not in scheme.sections]
    if unknown or missing:
        raise SchemeFileInvalid(
            f"{scheme.folder / FILE}: sections unknown: {', '.join(unknown) or 'none'}, missing: "
            f"{', '.join(missing) or 'none'}. There are exactly: {', '.join(SECTIONS)}."
        )
    return tuple(SECTIONS)


def _days(scheme: Scheme) -> list[date]:
    found = (versions(scheme, name, into=SECTIONS[name]) for name in _sections(scheme))
    return sorted({one.from_date for section in found for one in section})


def _said(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_said(one) for one in value) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(one)}" for name, one in value.items())
    return "none" if value is None else str(value)


def _as_text(value: object) -> Any:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, Mapping):
        return {str(name): _as_text(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(one) for one in value]
    return str(value) if isinstance(value, Money) else plain(value)
