"""Who holds something of a value hears when it is over-used or frozen; nobody else does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradeloop.journal.facts import Sequenced
from tradeloop.store.database import cursor

TOLD = """
insert into registry_notice (holder, paper, purpose, code, over_minor, unit, entry_id, at)
select distinct h.held_by, c.paper, h.purpose, %s, g.over, c.unit, %s, %s
from unnest(%s::bigint[], %s::text[], %s::bigint[]) as g (capacity_id, purpose, over)
join registry_capacity as c on c.id = g.capacity_id
-- it may have been folded since
join registry_hold as h on h.capacity_id = coalesce(c.folded_into_id, c.id)
    and (g.purpose is null or h.purpose = g.purpose) and h.state in ('held', 'committed')
where not %s or not exists (
    select from registry_notice as told
    join registry_capacity as of on of.paper = told.paper
    join registry_book as book on book.capacity_id = h.capacity_id and book.purpose = h.purpose
    where told.holder = h.held_by and told.purpose = h.purpose and told.code = 'over-used'
        and coalesce(of.folded_into_id, of.id) = h.capacity_id and told.at >= book.over_used_since
)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a holder was told: `over-used` by so much, or `frozen`."""

    holder: str
    paper: str
    purpose: str
    code: str
    over_minor: int
    unit: str
    at: datetime


def tell_holders(fact: Sequenced) -> None:
    """React to an amendment, a freeze or a fold: tell each live holder, once for each fact.

    A fold is told to those only whom no amendment has told that more is in use than there is.
    """
    if fact.body is None:
        return
    code = "frozen" if fact.kind == "registry.frozen" else "over-used"
    lines = [
        line for line in json.loads(fact.body)["lines"]
        if code == "frozen" or int(line.get("over", 0)) > 0
    ]  # fmt: skip
    if not lines:
        return
    with cursor() as cur:
        cur.execute(
            TOLD,
            (
                code,
                fact.entry_id,
                fact.at,
                [int(line["capacity"]) for line in lines],
                [line.get("purpose") for line in lines],
                [int(line.get("over", 0)) for line in lines],
                fact.kind == "registry.folded",
            ),
        )


def notices(*, holder: str | None = None, limit: int = 1_000) -> Sequence[Notice]:
    """Return what holders were told, the newest first; of one holder, or (None) of all."""
    with cursor() as cur:
        cur.execute(
            "select holder, paper, purpose, code, over_minor, unit, at from registry_notice "
            "where %s::text is null or holder = %s order by id desc limit %s",
            (holder, holder, limit),
        )
        return [
            Notice(
                holder=who, paper=paper, purpose=purpose, code=code, over_minor=over, unit=unit,
                at=at,
            )
            for who, paper, purpose, code, over, unit, at in cur.fetchall()
        ]  # fmt: skip
