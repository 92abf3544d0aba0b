"""What was told is kept: whom it led to, under which keys, and who may be the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from tradeloop.parties.resolving import Admitted
from tradeloop.parties.tokens import mark_of
from tradeloop.store.database import cursor

RESOLVE_LOCK = 7_216_201  # one at a time makes buyers: each must see whom the last one made

OPEN_PAIRS = """
with
    member as (select id, coalesce(canonical_id, id) as eldest from parties_buyer {where}),
    pair as (
        select m.eldest as one, coalesce(o.canonical_id, o.id) as other, p.score_bp, p.reasons
        from member as m
        join parties_possible as p on p.first_id = m.id
        join parties_buyer as o on o.id = p.second_id
        union all
        select m.eldest, coalesce(o.canonical_id, o.id), p.score_bp, p.reasons
        from member as m
        join parties_possible as p on p.second_id = m.id
        join parties_buyer as o on o.id = p.first_id
    ),
    word as (
        select m.eldest as one, coalesce(o.canonical_id, o.id) as other, d.*
        from member as m
        join parties_buyerdecision as d on d.first_id = m.id
        join parties_buyer as o on o.id = d.second_id
        union all
        select m.eldest, coalesce(o.canonical_id, o.id), d.*
        from member as m
        join parties_buyerdecision as d on d.second_id = m.id
        join parties_buyer as o on o.id = d.first_id
    ),
    two as (
        select one, other from word where not same and not exists (
            select from parties_buyerdecision as later where later.id > word.id
            and later.first_id = word.first_id and later.second_id = word.second_id
        )
    ),
    open as (
        select one, other, max(score_bp) as score_bp, min(reasons) as reasons from pair
        where one <> other and (one, other) not in (select one, other from two)
        group by one, other
    )
select a.key, b.key, o.score_bp, o.reasons, o.one
from open as o
join parties_buyer as a on a.id = o.one
join parties_buyer as b on b.id = o.other
order by o.one, o.other
"""
"""Pairs of buyers, each by its eldest, that may be one and on which nobody has decided."""
OPEN_OF = OPEN_PAIRS.replace("{where}", "where id = any(%(ids)s) or canonical_id = any(%(ids)s)")
OPEN_ALL = OPEN_PAIRS.replace("{where}", "")


class SecretChanged(RuntimeError):
    """The secret is not the one behind the tokens that are kept: it would know nobody."""


def check_secret(secret: bytes) -> None:
    """Refuse a secret that is another than the first one.

    Raises:
        SecretChanged: It is; nothing was written.
    """
    mark = mark_of(secret)
    with cursor() as cur:
        cur.execute("select mark from parties_secretmark")
        row = cur.fetchone()
        if row is None:
            cur.execute(
                "insert into parties_secretmark (id, mark) values (1, %s) "
                "on conflict (id) do update set mark = parties_secretmark.mark returning mark",
                (mark,),
            )
            row = cur.fetchone()
    if row is not None and bytes(row[0]) != mark:
        raise SecretChanged(
            "Identity numbers are kept under another secret than the one given, so no known buyer "
            "would be recognised. Bring the folder of keys back from the backup."
        )


def lock() -> None:
    """Wait until nobody else makes or joins buyers; held until the transaction ends."""
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (RESOLVE_LOCK,))


def known(tokens: Sequence[bytes]) -> dict[bytes, int]:
    """Return the ids of buyers to whom what was told led before."""
    with cursor() as cur:
        cur.execute(
            "select l.token, l.buyer_id from unnest(%s::bytea[]) as t (token) "
            "join parties_alias as l on l.token = t.token",
            (list(tokens),),
        )
        return {bytes(token): buyer for token, buyer in cur.fetchall()}


def keep(admitted: Sequence[Admitted], *, on: date, made_by: int) -> dict[bytes, int]:
    """Write new buyers, what was told of all, their keys, and who may be the same."""
    ids = _keep_buyers([one.buyer.key for one in admitted if one.is_new], made_by)
    met = [one.buyer for one in admitted] + [pair[0] for one in admitted for pair in one.possibly]
    ids |= {buyer.key: buyer.id for buyer in met if buyer.id is not None}
    _keep_aliases(admitted, ids, on, made_by)
    _keep_keys(admitted, ids)
    _keep_possible(admitted, ids, made_by)
    return {one.reading.token: ids[one.buyer.key] for one in admitted}


def answers(ids: Collection[int]) -> Mapping[int, tuple[str, tuple[str, ...]]]:
    """Return for each buyer the key of the eldest that it is one with, and who may be the same."""
    possibly = defaultdict[int, list[str]](list)
    with cursor() as cur:
        cur.execute(
            "select b.id, coalesce(c.id, b.id), coalesce(c.key, b.key) from parties_buyer as b "
            "left join parties_buyer as c on c.id = b.canonical_id where b.id = any(%s)",
            (list(ids),),
        )
        eldest = {id_: (own, key) for id_, own, key in cur.fetchall()}
        cur.execute(OPEN_OF.encode(), {"ids": sorted({own for own, _ in eldest.values()})})
        for _, other, _, _, own in cur.fetchall():
            possibly[own].append(other)
    return {id_: (key, tuple(sorted(possibly[own]))) for id_, (own, key) in eldest.items()}


def _keep_buyers(keys: Sequence[str], made_by: int) -> dict[str, int]:
    with cursor() as cur:
        cur.execute(
            "insert into parties_buyer (key, made_by) select k.key, %s "
            "from unnest(%s::text[]) with ordinality as k (key, place) order by k.place "
            "returning key, id",
            (made_by, list(keys)),
        )
        return dict(cur.fetchall())


def _keep_aliases(
    admitted: Sequence[Admitted], ids: Mapping[str, int], on: date, made_by: int
) -> None:
    with cursor() as cur:
        cur.execute(
            "insert into parties_alias (buyer_id, token, name, country, number_kind, "
            "number_token, number_masked, first_on, is_screened, made_by) "
            "select buyer, token, name, country, kind, number, masked, %s, false, %s from unnest("
            "%s::bigint[], %s::bytea[], %s::text[], %s::text[], %s::text[], %s::bytea[], "
            "%s::text[]) as l (buyer, token, name, country, kind, number, masked)",
            (
                on, made_by,
                [ids[one.buyer.key] for one in admitted],
                [one.reading.token for one in admitted],
                [one.reading.told.name for one in admitted],
                [one.reading.told.country for one in admitted],
                [one.reading.kind if one.reading.number else None for one in admitted],
                [one.reading.number for one in admitted],
                [one.reading.masked for one in admitted],
            ),
        )  # fmt: skip


def _keep_keys(admitted: Sequence[Admitted], ids: Mapping[str, int]) -> None:
    pairs = sorted({(key, ids[one.buyer.key]) for one in admitted for key in one.keys.all})
    with cursor() as cur:
        cur.execute(
            "insert into parties_buyerkey (key, buyer_id) "
            "select * from unnest(%s::bigint[], %s::bigint[]) on conflict do nothing",
            ([key for key, _ in pairs], [buyer for _, buyer in pairs]),
        )


def _keep_possible(admitted: Sequence[Admitted], ids: Mapping[str, int], made_by: int) -> None:
    rows: dict[tuple[int, int], tuple[int, str]] = {}
    for one in admitted:
        for other, likeness in one.possibly:
            low, high = sorted((ids[one.buyer.key], ids[other.key]))
            rows.setdefault((low, high), (likeness.score_bp, "\n".join(likeness.reasons)))
    with cursor() as cur:
        cur.execute(
            "insert into parties_possible (first_id, second_id, score_bp, reasons, made_by) "
            "select a, b, score, reasons, %s from unnest("
            "%s::bigint[], %s::bigint[], %s::int[], %s::text[]) as p (a, b, score, reasons) "
            "on conflict do nothing",
            (
                made_by, [pair[0] for pair in rows], [pair[1] for pair in rows],
                [row[0] for row in rows.values()], [row[1] for row in rows.values()],
            ),
        )  # fmt: skip
