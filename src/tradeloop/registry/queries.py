"""The reads of the registry: how a value stands, what is over-used, and whether all sums agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tradeloop.registry.facts import BookFacts, CapacityFacts, Line, TwinFacts
from tradeloop.store.database import cursor

FROZEN = "ask the operator"
FIGURES = ("amount", "held", "committed", "spent")

# What the journal says of each book: every fact of the registry states what it adds to it.
FROM_JOURNAL = """
select
    (line ->> 'capacity')::bigint as capacity_id, line ->> 'purpose' as purpose,
    sum(coalesce((line ->> 'amount')::numeric, 0)) as amount,
    sum(coalesce((line ->> 'held')::numeric, 0)) as held,
    sum(coalesce((line ->> 'committed')::numeric, 0)) as committed,
    sum(coalesce((line ->> 'spent')::numeric, 0)) as spent
from journal_entry
cross join lateral json_array_elements(body::json -> 'lines') as line
where kind like 'registry.%'
    and line ->> 'purpose' is not null and line ->> 'capacity' is not null
group by 1, 2
"""
# What the holds themselves add up to; those that ended before a fold still name the part.
FROM_HOLDS = """
select
    coalesce(c.folded_into_id, c.id) as capacity_id, h.purpose,
    sum(case when h.state = 'held' then h.granted_minor - h.freed_minor else 0 end) as held,
    sum(h.committed_minor) as committed, sum(h.spent_minor) as spent,
    count(*) filter (where h.state in ('held', 'committed')) as live
from registry_hold as h join registry_capacity as c on c.id = h.capacity_id
where h.state <> 'refused'
group by 1, 2
"""
# Facts may be erased. What they said of a book nobody knows any more: its holds must do.
ERASED = "select id from journal_entry where body is null and kind like 'registry.%'"
FORGOTTEN = f"""
select coalesce(c.folded_into_id, c.id) as whole_id, said.purpose
from (
    select capacity_id, purpose from registry_hold where entry_id in ({ERASED})
    union
    select h.capacity_id, h.purpose
    from registry_move as m join registry_hold as h on h.id = m.hold_id
    where m.entry_id in ({ERASED})
    union
    select b.capacity_id, b.purpose
    from registry_change as g
    join registry_paper as p on p.key = g.asked::json ->> 0
    join registry_book as b on b.capacity_id = p.capacity_id
    where g.event in ('adjust', 'fold') and g.entry_id in ({ERASED})
) as said
join registry_capacity as c on c.id = said.capacity_id
"""  # noqa: S608 - put together from our own texts
DISAGREE = f"""
with journal as ({FROM_JOURNAL}), holds as ({FROM_HOLDS}), forgotten as ({FORGOTTEN})
select
    coalesce(c.paper, 'capacity ' || coalesce(b.capacity_id, j.capacity_id, h.capacity_id)),
    coalesce(b.purpose, j.purpose, h.purpose),
    array[b.amount_minor, b.held_minor, b.committed_minor, b.spent_minor]::text,
    array[coalesce(j.amount, 0), coalesce(j.held, 0), coalesce(j.committed, 0),
        coalesce(j.spent, 0)]::text,
    array[coalesce(h.held, 0), coalesce(h.committed, 0), coalesce(h.spent, 0),
        coalesce(h.live, 0)]::text
from registry_book as b
full join journal as j using (capacity_id, purpose)
full join holds as h using (capacity_id, purpose)
left join registry_capacity as c on c.id = capacity_id
where (
        (coalesce(b.held_minor, 0), coalesce(b.committed_minor, 0), coalesce(b.spent_minor, 0))
            is distinct from (coalesce(j.held, 0), coalesce(j.committed, 0), coalesce(j.spent, 0))
        or coalesce(b.amount_minor, 0) <> coalesce(j.amount, 0)
            -- the papers of many values stand in one such fact, and nowhere else
            and not exists ({ERASED} and kind = 'registry.taken-in')
    ) and not exists (
        select from forgotten
        where whole_id = coalesce(c.folded_into_id, c.id)
            and forgotten.purpose = coalesce(b.purpose, j.purpose, h.purpose)
    )
    or (coalesce(b.held_minor, 0), coalesce(b.committed_minor, 0), coalesce(b.spent_minor, 0),
        coalesce(b.live_holds, 0))
        is distinct from (coalesce(h.held, 0), coalesce(h.committed, 0), coalesce(h.spent, 0),
            coalesce(h.live, 0))
    or (b.held_minor + b.committed_minor + b.spent_minor > b.amount_minor)
        <> (b.over_used_since is not null)
order by 1, 2
"""  # noqa: S608 - put together from our own texts


class CapacityUnknown(LookupError):
    """No value is known by this paper, or it stands for several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A book whose figures are not what its history adds up to.

    Each is (amount, held, committed, spent), of the holds (held, committed, spent, live holds).
    """

    paper: str
    purpose: str
    book: str
    journal: str
    holds: str


def capacity(paper: str, *, viewer: str | None = None) -> CapacityFacts:
    """Return how the value stands that `paper` names.

    Args:
        paper: Any of its names.
        viewer: A holder sees only its own holds, and neither which values are twins nor why it is
            frozen, for both tell of others; None is the operator, who sees all.

    Raises:
        CapacityUnknown: No value is known by this paper, or it stands for several.
    """
    found = _rows(
        "select c.id, c.paper, c.unit, c.frozen_because, p.key is not null "
        "from registry_paper as p left join registry_capacity as c on c.id = p.capacity_id "
        "where p.key = %s",
        (paper,),
    )
    if not found:
        raise CapacityUnknown(f"{paper} is not registered. Run `tradeloop register` on its papers.")
    ((id, own_name, unit, frozen_because, _),) = found
    if id is None:
        raise CapacityUnknown(
            f"{paper} stands for several values. Name the order or trade, or fold its lists."
        )
    return CapacityFacts(
        paper=own_name,
        unit=unit,
        frozen_because=frozen_because if viewer is None else frozen_because and FROZEN,
        names=[
            name
            for (name,) in _rows(
                "select key from registry_paper where capacity_id = %s order by key", (id,)
            )
        ],
        books=[
            _book(row)
            for row in _rows(BOOKS + "where capacity_id = %s order by purpose", (id,))
        ],
        holds=[
            Line(**row)
            for row in _named(HOLDS + "and (%s::text is null or held_by = %s)" + BY_PRIORITY,
                              (id, viewer, viewer))
        ],
        twins=[
            TwinFacts(paper=name, agree=agree.split(), differ=differ.split())
            for name, agree, differ in _rows(TWINS, (viewer, id, id))
        ],
    )  # fmt: skip


BOOKS = (
    "select purpose, amount_minor, held_minor, committed_minor, spent_minor, live_holds, "
    "over_used_since from registry_book "
)
HOLDS = (
    "select id, paper, purpose, held_by as holder, state, granted_minor, committed_minor, "
    "spent_minor, freed_minor, asked_at, expires_at from registry_hold "
    "where capacity_id = %s and state in ('held', 'committed') "
)
BY_PRIORITY = " order by purpose, asked_at, entry_id, line"
TWINS = (
    "select case when %s::text is null then c.paper end, t.agree, t.differ "
    "from registry_capacity as mine "
    "join registry_twin as t on mine.id in (t.one_id, t.other_id) "
    "join registry_capacity as c on c.id = t.one_id + t.other_id - mine.id "
    "where mine.id = %s or mine.folded_into_id = %s order by c.paper"
)


def hold(id: UUID) -> Line | None:
    """Return what became of a hold, or None if nothing was ever asked under this id."""
    rows = _named(
        "select id, paper, purpose, held_by as holder, state, granted_minor, committed_minor, "
        "spent_minor, freed_minor, asked_at, expires_at from registry_hold where id = %s",
        (id,),
    )
    return Line(**rows[0]) if rows else None


def units(papers: Sequence[str]) -> Mapping[str, str]:
    """Return the currency or unit of the values that papers name; those of none are left out."""
    return dict(
        _rows(
            "select p.key, c.unit from registry_paper as p "
            "join registry_capacity as c on c.id = p.capacity_id where p.key = any(%s)",
            (list(papers),),
        )
    )


def unit_of(hold: UUID, *, by: str | None = None) -> str | None:
    """Return the currency or unit of a hold; None if there is no such hold, or `by` has it not."""
    rows = _rows(
        "select unit from registry_hold where id = %s and (%s::text is null or held_by = %s)",
        (hold, by, by),
    )
    return str(rows[0][0]) if rows else None


def is_open(paper: str, purpose: str) -> bool:
    """Say whether a paper is known, and its value registered for a purpose."""
    return bool(
        _rows(
            "select from registry_paper as p left join registry_book as b "
            "on b.capacity_id = p.capacity_id where p.key = %s "
            "and (p.capacity_id is null or b.purpose = %s)",
            (paper, purpose),
        )
    )


def over_used(*, limit: int = 1_000) -> tuple[tuple[str, str, BookFacts], ...]:
    """Return (paper, unit, book) where more is used than there is, the longest so first."""
    rows = _rows(
        "select c.paper, c.unit, b.purpose, amount_minor, held_minor, committed_minor, "
        "spent_minor, live_holds, over_used_since "
        "from registry_book as b join registry_capacity as c on c.id = b.capacity_id "
        "where over_used_since is not null order by over_used_since, c.paper limit %s",
        (limit,),
    )
    return tuple((row[0], row[1], _book(row[2:])) for row in rows)


def disagreements() -> tuple[Disagreement, ...]:
    """Recompute every book from the journal and from its holds; return those that differ.

    Empty is as it must be. Of a book that an erased fact told of, only its holds can tell. Reads
    all facts of the registry: minutes for a hundred million lines.
    """
    return tuple(
        Disagreement(paper=paper, purpose=purpose, book=book, journal=journal, holds=holds)
        for paper, purpose, book, journal, holds in _rows(DISAGREE, ())
    )


def totals() -> Mapping[str, int]:
    """Return the sums over all books, by unit and figure, as a backup states them."""
    return {
        f"{unit} {purpose} {figure}": int(sum_)
        for unit, purpose, *sums in _rows(
            "select c.unit, b.purpose, sum(amount_minor), sum(held_minor), sum(committed_minor), "
            "sum(spent_minor) from registry_book as b "
            "join registry_capacity as c on c.id = b.capacity_id group by 1, 2 order by 1, 2",
            (),
        )
        for figure, sum_ in zip(FIGURES, sums, strict=True)
    }


def _book(row: tuple[Any, ...]) -> BookFacts:
    purpose, amount, held, committed, spent, live, over_used_since = row
    return BookFacts(
        purpose=purpose, amount_minor=amount, held_minor=held, committed_minor=committed,
        spent_minor=spent, live_holds=live, over_used_since=over_used_since,
    )  # fmt: skip


def _rows(sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode(), values or None)
        return cur.fetchall()


def _named(sql: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    with cursor() as cur:
        cur.execute(sql.encode(), values or None)
        names = [column.name for column in cur.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]
