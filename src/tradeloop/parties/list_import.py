"""A file of a list is a version of it: the same changes nothing, a changed one is the next."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.journal.facts import Recorded
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.parties import hits
from tradeloop.parties.list_entries import (
    end_entries,
    held_entries,
    standing_ids,
    write_entries,
)
from tradeloop.parties.list_lines import Cells, Line, ListRefused, Table, Unread, read_lines
from tradeloop.parties.list_merge import Content, Row, merge
from tradeloop.parties.memory import check_secret
from tradeloop.parties.tokens import number_token
from tradeloop.store.database import cursor

SCREENED_ALWAYS = frozenset({"black", "sanctions"})
CODE_LENGTH_MAX = 40


class VersionBackwards(ListRefused):
    """A version begins before the one that is known; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to; `refused` and `warnings` name lines."""

    list_code: str
    version: int
    is_new: bool
    added: int
    kept: int
    ended: int
    hits: int
    refused: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    from_date: date | None
    digest: bytes
    is_screening: bool


@transaction.atomic
def import_list(  # noqa: PLR0913 - each of them changes what is taken
    *,
    code: str,
    rows: Iterable[Cells],
    now: datetime,
    secret: bytes,
    from_date: date | None = None,
    to_date: date | None = None,
    source: str = "",
    screening: bool = False,
) -> Imported:
    """Take a list as its next version; a line that cannot be read never stops the others.

    What the version no longer names ends the day before its first day; what it says of a subject
    for days of which nothing was said is added. A list for screening is looked through for all
    buyers at once; `black` and `sanctions` always are, others stay what they once were.

    Args:
        code: Of the list: white, black, grade, or any other.
        rows: Line number and cells by heading, as `named` gives them.
        now: When it comes.
        secret: Of the installation, for identity numbers.
        from_date: The first day of the version, and of lines that say none; None for that of `now`.
        to_date: The last day of lines that say none.
        source: Of lines that say none.
        screening: Whether buyers are looked for on it.

    Raises:
        ListRefused: No line can be taken.
        VersionBackwards: A version that begins later is known.
        SecretChanged: Numbers were kept under another secret.
    """
    _check_code(code)
    check_secret(secret)
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (hits.LIST_LOCK,))
    last = _last(code)
    is_screening = screening or code in SCREENED_ALWAYS or last.is_screening
    table = read_lines(rows, source=source, to_date=to_date)
    given = _rows(table, secret, is_screening=is_screening)
    if not given:
        raise ListRefused("\n".join(["No line could be taken:", *map(str, table.unread[:20])]))
    digest = _digest(given, table.unread, secret, from_date, is_screening=is_screening)
    refused = tuple(map(str, sorted(table.unread, key=lambda one: one.line)))
    if digest == last.digest:
        return Imported(
            list_code=code, version=last.number, is_new=False, added=0, kept=len(given), ended=0,
            hits=0, refused=refused, warnings=tuple(table.warnings),
        )  # fmt: skip
    first = from_date or now.astimezone(SHANGHAI).date()
    if last.from_date and first < last.from_date:
        raise VersionBackwards(
            f"List {code} is known as of {last.from_date}, and {first} is earlier. Say --from with "
            "that day or a later one; days in the lines themselves may be earlier."
        )
    coming = _Version(last.number + 1, first, digest, is_screening)
    done = merge(held_entries(code), given, from_date=first, unread=table.unread)
    fact = {
        "list": code, "version": coming.number, "from": first.isoformat(), "source": source,
        "screening": is_screening, "digest": digest.hex(), "added": len(done.added),
        "ended": len(done.ended), "kept": done.kept, "refused": len(refused),
    }  # fmt: skip
    made = record(kind="parties.list-imported", at=now, fact=fact)
    version = _write_version(code, coming, source, len(given), made)
    end_entries(done.ended, before=first, last=last.number)
    ids = write_entries(code, version, done.added, made.entry_id)
    return Imported(
        list_code=code, version=coming.number, is_new=True, added=len(ids), kept=done.kept,
        ended=len(done.ended), hits=_screened(code, ids, last, coming, now), refused=refused,
        warnings=(*table.warnings, *done.warnings),
    )  # fmt: skip


def _check_code(code: str) -> None:
    if not code or len(code) > CODE_LENGTH_MAX or code.split() != [code]:
        raise ListRefused(f"{code!r} is no code of a list. Write one word, as in white.")


def _screened(
    code: str, ids: Sequence[int], last: _Version, coming: _Version, now: datetime
) -> int:
    """Look for all buyers among what is new, or among all if the list was none for screening."""
    if not coming.is_screening:
        return 0
    found = hits.screen_entries(ids if last.is_screening else standing_ids(code), now)
    return found + hits.screen_new(None, now)


def _rows(table: Table, secret: bytes, *, is_screening: bool) -> list[Row]:
    """Return the lines as rows, each with its subject; those without one go to the unread."""
    buyers = _known_buyers({one.subject for one in table.lines if one.subject})
    by_name = {} if is_screening else _firms_named({one.name for one in table.lines if one.name})
    rows: dict[str, list[Row]] = {}
    for one in table.lines:
        number = number_token(secret, one.number_kind, one.number)
        subject = one.subject or _subject_by_name(one, number, by_name, is_screening=is_screening)
        if subject is None or (subject.startswith("buyer:") and subject not in buyers):
            because = (
                f"{subject} is no buyer that is known; `parties buyers` lists their keys"
                if subject
                else f"no firm, or more than one, is called {one.name!r}; write its code"
            )
            table.unread.append(
                Unread(line=one.line, because=because, subject=subject or "", name=one.name or "")
            )
            continue
        row = Row(
            line=one.line, from_date=one.from_date,
            content=Content(
                subject=subject, name=one.name, country=one.country, number=number,
                value=one.value, to_date=one.to_date, source=one.source,
                appeal_until=one.appeal_until,
            ),
        )  # fmt: skip
        earlier = rows.setdefault(subject, [])
        if clash := next((other for other in earlier if _overlap(row, other)), None):
            if clash.content == row.content and clash.from_date == row.from_date:
                table.warnings.append(f"line {row.line}: the same stands on line {clash.line}")
            else:
                told = f"line {clash.line} speaks of {subject} for the same days"
                table.unread.append(Unread(line=row.line, because=told, subject=subject))
            continue
        earlier.append(row)
    return sorted((row for its in rows.values() for row in its), key=lambda row: row.line)


def _subject_by_name(
    one: Line, number: bytes | None, firms: Mapping[str, list[str]], *, is_screening: bool
) -> str | None:
    """Return the key for a name: on a list for screening its own, else that of the firm."""
    if not is_screening:
        found = firms.get(one.name or "", [])
        return found[0] if len(found) == 1 else None
    told = f"{one.country or '-'}:{(one.name or '').casefold()}"
    return f"name:{told}:{number.hex()[:8]}" if number else f"name:{told}"


def _overlap(one: Row, other: Row) -> bool:
    a, b = one.from_date or date.min, other.from_date or date.min
    return a <= (other.content.to_date or date.max) and b <= (one.content.to_date or date.max)


def _digest(
    given: Sequence[Row], unread: Sequence[Unread], secret: bytes, from_date: date | None, *,
    is_screening: bool,
) -> bytes:  # fmt: skip
    # A line that cannot be read keeps whom it seems to name; without it the version is another.
    lines: list[Any] = [[from_date and from_date.isoformat(), is_screening]]
    lines += sorted([one.subject, one.name] for one in unread)
    for row in sorted(given, key=lambda one: (one.content.subject, str(one.from_date))):
        told = row.content
        lines.append(
            [told.subject, told.name, told.country, told.number and told.number.hex(), told.value,
             told.source, *(day and day.isoformat()
                            for day in (row.from_date, told.to_date, told.appeal_until))]
        )  # fmt: skip
    # Keyed: what is on a list about a person must not be guessed from the journal.
    return hmac.new(secret, rfc8785.dumps(lines), hashlib.sha256).digest()


def _last(code: str) -> _Version:
    with cursor() as cur:
        cur.execute(
            "select number, from_date, digest, is_screening from parties_listversion "
            "where code = %s order by number desc limit 1",
            (code,),
        )
        row = cur.fetchone()
    return _Version(row[0], row[1], bytes(row[2]), row[3]) if row else _Version(0, None, b"", False)  # noqa: FBT003 - as the table has them


def _write_version(code: str, coming: _Version, source: str, entries: int, made: Recorded) -> int:
    with cursor() as cur:
        cur.execute(
            "insert into parties_listversion (code, number, from_date, source, is_screening, "
            "entries, digest, imported_at, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) "
            "returning id",
            (
                code, coming.number, coming.from_date, source, coming.is_screening, entries,
                coming.digest, made.at, made.entry_id,
            ),
        )  # fmt: skip
        row = cur.fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    return int(row[0])


def _known_buyers(subjects: Collection[str]) -> set[str]:
    with cursor() as cur:
        cur.execute("select key from parties_buyer where key = any(%s)", (list(subjects),))
        return {row[0] for row in cur.fetchall()}


def _firms_named(names: Collection[str]) -> Mapping[str, list[str]]:
    with cursor() as cur:
        cur.execute(
            "select name, array_agg(distinct firm_id) from parties_firmname "
            "where name = any(%s) group by name",
            (list(names),),
        )
        return dict(cur.fetchall())
