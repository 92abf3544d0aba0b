"""Appeals against entries of lists: noted, decided once; if upheld, the entry ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.parties.hits import LIST_LOCK
from tradeloop.store.database import cursor


class EntryUnknown(LookupError):
    """The list says nothing of the subject on that day."""


class AppealRefused(ValueError):
    """The appeal cannot be noted or decided so; nothing was written."""


@transaction.atomic
def appeal(*, code: str, subject: str, by: str, because: str, at: datetime) -> bool:
    """Note that somebody says an entry is wrong; return whether that is news.

    It changes nothing until it is decided.

    Raises:
        EntryUnknown: The list does not name the subject on that day.
        AppealRefused: It is too late, or another appeal is open, or says no reason.
    """
    if not by.strip() or not because.strip():
        raise AppealRefused("An appeal names who makes it (--by) and why (--because).")
    entry, until = _entry_on(code, subject, at)
    today = at.astimezone(SHANGHAI).date()
    with cursor() as cur:
        cur.execute(
            "select by, because from parties_appeal where entry_id = %s and upheld is null",
            (entry,),
        )
        if row := cur.fetchone():
            if row == (by, because):
                return False
            raise AppealRefused(
                f"{row[0]} has appealed already for {subject} on list {code}. Decide that first."
            )
        if until is not None and today > until:
            raise AppealRefused(
                f"Until {until} an appeal could be made for {subject} on list {code}; "
                f"it is {today}. Ask who keeps the list."
            )
        fact = {"list": code, "subject": subject, "by": by, "because": because}
        made = record(kind="parties.appeal-noted", at=at, fact=fact).entry_id
        cur.execute(
            "insert into parties_appeal (entry_id, by, because, noted_at, made_by) "
            "values (%s, %s, %s, %s, %s)",
            (entry, by, because, at, made),
        )
    return True


@transaction.atomic
def decide_appeal(  # noqa: PLR0913 - all by keyword: as many as the deed has
    *,
    code: str,
    subject: str,
    upheld: bool,
    by: str,
    because: str,
    at: datetime,
    last: date | None = None,
) -> bool:
    """Decide the open appeal; return whether that is news. Upheld, the entry ends.

    Args:
        code: Of the list.
        subject: Its key there.
        upheld: Whether the entry was wrong.
        by: Who decides.
        because: Why.
        at: When.
        last: The last day on which an entry that was wrong counts; None for the day before `at`.
            A day before its first says that it never counted.

    Raises:
        AppealRefused: There is no open appeal, or it was decided otherwise.
    """
    if not by.strip() or not because.strip():
        raise AppealRefused("A decision names who decided (--by) and why (--because).")
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (LIST_LOCK,))
        cur.execute(
            "select a.id, a.entry_id, a.upheld, a.decided_by from parties_appeal as a "
            "join parties_listentry as e on e.id = a.entry_id "
            "where e.code = %s and e.subject = %s order by a.upheld is not null, a.id desc limit 1",
            (code, subject),
        )
        row = cur.fetchone()
        if row is None or (row[2] is not None and (row[2], row[3]) != (upheld, by)):
            raise AppealRefused(
                f"No appeal for {subject} on list {code} is open. Note one first, with --because."
            )
        id_, entry, decided, _ = row
        if decided is not None:
            return False
        fact = {"list": code, "subject": subject, "upheld": upheld, "by": by, "because": because}
        record(kind="parties.appeal-decided", at=at, fact=fact)
        cur.execute(
            "update parties_appeal set upheld = %s, decided_by = %s, decided_because = %s, "
            "decided_at = %s where id = %s",
            (upheld, by, because, at, id_),
        )
        if upheld:
            ends = last or at.astimezone(SHANGHAI).date() - timedelta(days=1)
            cur.execute(
                "update parties_listentry set ended_on = least(ended_on, %s::date) where id = %s",
                (ends, entry),
            )
    return True


def _entry_on(code: str, subject: str, at: datetime) -> tuple[int, date | None]:
    today = at.astimezone(SHANGHAI).date()
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (LIST_LOCK,))
        cur.execute(
            "select id, appeal_until from parties_listentry where code = %s and subject = %s "
            "and from_date <= %s and coalesce(least(to_date, ended_on), 'infinity') >= %s",
            (code, subject, today, today),
        )
        row = cur.fetchone()
    if row is None:
        raise EntryUnknown(
            f"List {code} does not name {subject} on {today}. `lists show {code}` shows whom it "
            "names."
        )
    return row[0], row[1]
