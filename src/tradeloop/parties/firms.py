"""Firms are kept: a checked number each, names and roles by the day from which they count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from tradeloop.journal.actions import record
from tradeloop.kit.identifiers import IdentifierInvalid, check_firm_code
from tradeloop.parties.tokens import cleaned
from tradeloop.store.database import cursor

FIRM_LOCK = 7_216_202


class FirmRefused(ValueError):
    """A firm cannot be kept so; the message says what is wrong. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A firm as it counts from a day on; `ended` are roles that it has no longer."""

    key: str
    name: str
    from_date: date
    identifier: str | None
    roles: Collection[str]
    ended: Collection[str]


def keep(given: Given, at: datetime) -> bool:
    """Write what is news of a firm, in the transaction that is open; see `actions`."""
    name, key = cleaned(given.name), given.key.strip()
    if not name or not key or "/" in key:
        raise FirmRefused(f"{key!r}, {name!r}: a firm has a key without a stroke, and a name.")
    if both := set(given.roles) & set(given.ended):
        raise FirmRefused(f"{key}: {', '.join(sorted(both))} cannot begin and end on one day.")
    number, kind = _checked(key, given.identifier)
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (FIRM_LOCK,))
    news = _news(key, name, number, given)
    if not news:
        return False
    fact = {
        "firm": key, "name": name, "from": given.from_date.isoformat(), "identifier": number,
        "roles": sorted(given.roles), "ended": sorted(given.ended),
    }  # fmt: skip
    made = record(kind="parties.firm-kept", at=at, fact=fact).entry_id
    with cursor() as cur:
        cur.execute(
            "insert into parties_firm (key, identifier, identifier_kind, made_by) "
            "values (%s, %s, %s, %s) on conflict (key) do update set "
            "identifier = coalesce(excluded.identifier, parties_firm.identifier), "
            "identifier_kind = coalesce(excluded.identifier_kind, parties_firm.identifier_kind)",
            (key, number, kind, made),
        )
        if "name" in news:
            cur.execute(
                "insert into parties_firmname (firm_id, name, from_date, made_by) "
                "values (%s, %s, %s, %s) on conflict (firm_id, from_date) "
                "do update set name = excluded.name, made_by = excluded.made_by",
                (key, name, given.from_date, made),
            )
        for role in sorted(one.removeprefix("role ") for one in news if one.startswith("role ")):
            cur.execute(
                "insert into parties_firmrole (firm_id, role, from_date, is_held, made_by) "
                "values (%s, %s, %s, %s, %s) on conflict (firm_id, role, from_date) "
                "do update set is_held = excluded.is_held, made_by = excluded.made_by",
                (key, role, given.from_date, role in given.roles, made),
            )
    return True


def _checked(key: str, identifier: str | None) -> tuple[str | None, str | None]:
    if not identifier or not identifier.strip():
        return None, None
    try:
        code = check_firm_code(identifier.strip().upper())
    except IdentifierInvalid as error:
        raise FirmRefused(f"{key}: {error}") from None
    with cursor() as cur:
        cur.execute("select key from parties_firm where identifier = %s", (code.text,))
        row = cur.fetchone()
    if row and row[0] != key:
        raise FirmRefused(f"{key}: {code.text} is the number of firm {row[0]}. Check both.")
    return code.text, code.kind.value


def _news(key: str, name: str, number: str | None, given: Given) -> set[str]:
    """Return what is not known so on that day: `name`, `identifier`, `role …`."""
    with cursor() as cur:
        cur.execute(
            "select identifier, (select n.name from parties_firmname as n "
            "where n.firm_id = f.key and n.from_date <= %s order by n.from_date desc limit 1) "
            "from parties_firm as f where key = %s",
            (given.from_date, key),
        )
        known = cur.fetchone() or (None, None)
        cur.execute(
            "select distinct on (role) role, is_held from parties_firmrole "
            "where firm_id = %s and from_date <= %s order by role, from_date desc",
            (key, given.from_date),
        )
        held = {role for role, is_held in cur.fetchall() if is_held}
    if known[0] and number and known[0] != number:
        raise FirmRefused(
            f"{key}: its number is known as {known[0]}, not {number}. A firm keeps its number."
        )
    news = {f"role {role}" for role in set(given.roles) - held | set(given.ended) & held}
    news |= {"name"} if known[1] != name else set()
    return news | ({"identifier"} if number and known[0] != number else set())
