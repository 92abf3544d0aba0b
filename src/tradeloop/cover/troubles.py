"""Claims tell of a buyer: a loss is known from a day on, a debt is in dispute, a court decided."""

from __future__ import annotations

from datetime import date

from tradeloop.kit.money import Money
from tradeloop.store.database import cursor


def loss_known(
    *, claim: str, pair: tuple[str, str], currency: str, known_on: date, made_by: int
) -> None:
    """Remember since when a seller knows of a possible loss with a buyer; told once of a claim."""
    with cursor() as cur:
        cur.execute(
            "insert into cover_trouble (claim, policyholder, buyer, known_on, currency, "
            "disputed_minor, made_by) values (%s, %s, %s, %s, %s, 0, %s)",
            (claim, *pair, known_on, currency, made_by),
        )


def insolvent(*, claim: str, on: date) -> None:
    """Remember that a court accepted the buyer's insolvency: nothing shipped since is covered."""
    with cursor() as cur:
        cur.execute("update cover_trouble set insolvent_on = %s where claim = %s", (on, claim))


def disputed(*, claim: str, amount: Money, on: date) -> None:
    """Remember that the buyer disputes the debt of a claim from a day on."""
    with cursor() as cur:
        cur.execute(
            "update cover_trouble set disputed_on = %s, disputed_minor = %s where claim = %s",
            (on, amount.minor, claim),
        )


def settled(*, claim: str) -> None:
    """Let nothing of a claim be in dispute; the loss is known still."""
    with cursor() as cur:
        cur.execute(
            "update cover_trouble set disputed_on = null, disputed_minor = 0 where claim = %s",
            (claim,),
        )


def no_loss(*, claim: str) -> None:
    """Forget a loss that was told and taken back; one that began with the claim stops no cover.

    As long as another claim tells of the same seller and buyer, it stands.
    """
    with cursor() as cur:
        cur.execute(
            "delete from cover_trouble where claim = %s returning policyholder, buyer", (claim,)
        )
        if pair := cur.fetchone():
            cur.execute(
                "insert into cover_lifted (policyholder, buyer) "
                "select l.seller, l.buyer from receivables_loss as l "
                "where l.seller = %s and l.buyer = %s and l.because = %s and not exists ("
                "select from cover_trouble as t where t.policyholder = l.seller "
                "and t.buyer = l.buyer) on conflict do nothing",
                (*pair, f"claim {claim}"),
            )


def begun(*, pair: tuple[str, str]) -> None:
    """Remember that a seller claims a loss with a buyer, also where one was taken back before."""
    with cursor() as cur:
        cur.execute("delete from cover_lifted where policyholder = %s and buyer = %s", pair)
