"""What each layer adds to backups and restores, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime

from tradeloop.journal import keys
from tradeloop.journal.audit import Damage
from tradeloop.journal.audited import audit_log
from tradeloop.journal.sequence import after_restore
from tradeloop.ledger.queries import different_sums, trial_balance
from tradeloop.receivables import queries as receivables
from tradeloop.registry.queries import disagreements, totals
from tradeloop.store.backup import Plugs
from tradeloop.store.database import cursor
from tradeloop.store.home import Home


def newest_checkpoint() -> Mapping[str, str]:
    """Return the size and the root of the log's newest checkpoint, which members may hold too."""
    with cursor() as cur:
        cur.execute(
            "select size, encode(root, 'hex') from journal_checkpoint order by size desc limit 1"
        )
        row = cur.fetchone()
    return {"journal.checkpoint": f"{row[0]} {row[1]}" if row else "none"}


def ledger_totals() -> Mapping[str, str]:
    """Return for each currency what all accounts were ever debited and credited."""
    return {
        f"ledger.{currency}": f"{debit.minor} {credit.minor}"
        for currency, (debit, credit) in trial_balance(on=date.max).totals().items()
    }


def registry_totals() -> Mapping[str, str]:
    """Return the sums over all books of the registry."""
    return {f"registry.{name}": str(sum_) for name, sum_ in totals().items()}


def renumber_log(home: Home, now: datetime) -> None:
    """Let the log go on in its new database; without its secret key it waits for that."""
    if (home.keys / keys.PUBLIC_FILE).exists():
        with suppress(keys.SecretKeyMissing):
            after_restore(now=now, signer=keys.signer(home.keys))


def log_is_whole(home: Home) -> Iterable[str]:
    """Return what the audit of the log found; a home that never had a key has no log."""
    if not (home.keys / keys.PUBLIC_FILE).exists():
        return ()
    said = audit_log(keys.public_keys(home.keys))
    return (f"journal: {one}" for one in said if isinstance(one, Damage))


def books_are_whole(_: Home) -> Iterable[str]:
    """Return each sum of ledger, registry and receivables that its history contradicts."""
    yield from (f"ledger: {name} {day} differs from its postings" for name, day in different_sums())
    yield from (f"registry: {one}" for one in disagreements())
    yield from (f"receivables: {one}" for one in receivables.disagreements())


PLUGS = Plugs(
    totals=(newest_checkpoint, ledger_totals, registry_totals),
    after_restore=(renumber_log,),
    verifiers=(log_is_whole, books_are_whole),
    # The verdicts that a lake keeps, with their history; its index is made anew.
    lake_files=("verdicts.sqlite",),
)
