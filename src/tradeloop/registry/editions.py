"""Of runs that register one lake, one on earlier papers takes nothing in after one on later."""

from __future__ import annotations

from tradeloop.store.database import cursor


class Overtaken(Exception):
    """Another run that registers later papers of the same source began; it registers them all."""


def begin(lake: str, purpose: str, batch: int) -> None:
    """Say that a run of all trades of a lake begins, with the papers up to a batch."""
    with cursor() as cur:
        cur.execute(
            "insert into trades_reading as r (lake, purpose, batch) values (%s, %s, %s) "
            "on conflict (lake, purpose) do update set batch = excluded.batch "
            "where r.batch < excluded.batch",
            (lake, purpose, batch),
        )


def stay_ahead(lake: str, purpose: str, batch: int, *, source: str) -> None:
    """Refuse to go on behind a run of later papers: its verdicts may stand already.

    Raises:
        Overtaken: The message says by which batch.
    """
    with cursor() as cur:
        # One set of trades is taken in at a time: what others did is seen from here on.
        cur.execute("select registry_lock_changes()")
        cur.execute(
            "select batch from trades_reading where lake = %s and purpose = %s and batch > %s",
            (lake, purpose, batch),
        )
        if later := cur.fetchone():
            raise Overtaken(
                f"Another run registers {source} with its papers up to batch {later[0]}, and "
                f"here only those up to batch {batch} were judged. Nothing is lost: what "
                "that run takes in stands. Run this again if that one was cut off."
            )
