"""A payment that cleared something makes room in its buyer's limit, and what waits gets it."""

from __future__ import annotations

import json
from collections import defaultdict

from tradeloop.cover.actions import give_room
from tradeloop.cover.terms import CoverTerms
from tradeloop.journal.facts import Sequenced
from tradeloop.parties.queries import all_keys
from tradeloop.schemes.load import find, versions
from tradeloop.store.database import cursor

WAITING = """
select distinct c.scheme, c.buyer
from cover_certificate as c
join receivables_receivable as r on r.id = c.receivable_id
where c.covered_minor < c.amount_minor and r.buyer = any(%s)
"""
CLEARED = "select distinct buyer from receivables_receivable where trade = any(%s)"


def payments_made_room(fact: Sequenced) -> None:
    """React to what payments or credits cleared: cover what their buyers' limits have room for."""
    if fact.body is None:
        return
    said = json.loads(fact.body)
    trades = [line[1] for line in said["lines"]] if "lines" in said else [said["trade"]]
    waiting: dict[str, set[str]] = defaultdict(set)
    with cursor() as cur:
        cur.execute(CLEARED.encode(), (trades,))
        keys = all_keys([buyer for (buyer,) in cur.fetchall()])
        cur.execute(WAITING.encode(), (keys,))
        for scheme, buyer in cur.fetchall():
            waiting[scheme].add(buyer)
    for scheme, buyers in waiting.items():
        terms = versions(find(scheme), "cover", into=CoverTerms)
        give_room(scheme=scheme, buyers=buyers, terms=terms, at=fact.at)
