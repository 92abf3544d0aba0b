"""The reads: a report over all trades judged, the story of one, the tables to export."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb

from tradeloop.documents.outcome import Batch
from tradeloop.trades import terms
from tradeloop.trades.facts import Evidence, Example, Link, Report, Story, Told, Unread

GRADES = ("proven", "incomplete", "contradicted")
# For people: what decides first, then what is most frequent.
EXAMPLES = """
with
    counted as (select code, weight, count(*) as count from findings group by code, weight),
    ordered as (
        select
            *, row_number() over (
                partition by code
                order by trade nulls last, file nulls last, position, field, seen, expected
            ) as place
        from findings
    )
select c.code, c.weight, c.count, o.trade, o.file, o.position, o.field, o.seen, o.expected
from counted as c
join ordered as o on o.code = c.code and o.place = 1
order by case c.weight when 'refuse' then 0 when 'review' then 1 else 2 end, c.count desc, c.code
"""


class TradeUnknown(Exception):
    """No trade bears this name; the message lists those that come near."""


def report(con: duckdb.DuckDBPyConnection, batch: Batch, *, purpose: str, on: date) -> Report:
    """Return what the batch came to."""
    grades = dict.fromkeys(GRADES, 0) | _pairs(
        con, "select grade, count(*) from verdicts group by grade"
    )
    examples = _examples(con, on)
    return replace(
        report_of_nothing(batch, purpose=purpose, on=on),
        trades=sum(grades.values()),
        grades=grades,
        findings={one.code: one.count for one in sorted(examples, key=lambda one: one.code)},
        verified=_pairs(
            con,
            "select currency, cast(sum(verified_minor) as bigint) from verdicts "
            "where verified_minor > 0 group by currency order by currency",
        ),
        examples=examples,
    )


def report_of_nothing(batch: Batch, *, purpose: str, on: date) -> Report:
    """Return what was read of a batch, without any judging: no trades, no findings."""
    unread = [
        Unread(file=one.path, position=one.position, because=one.because or "")
        for one in batch.outcomes
        if one.status == "unreadable"
    ]
    documents: dict[str, int] = {}
    for count in batch.counts:
        kind = str(count["kind"])
        documents[kind] = documents.get(kind, 0) + int(str(count["records"]))
    return Report(
        files=len(batch.outcomes),
        read=sum(one.status == "read" for one in batch.outcomes),
        kept=sum(one.status == "kept" for one in batch.outcomes),
        unreadable=tuple(unread),
        documents=dict(sorted(documents.items())),
        purpose=purpose,
        on=on,
        trades=0,
        grades=dict.fromkeys(GRADES, 0),
        findings={},
        verified={},
        examples=(),
    )


def story(con: duckdb.DuckDBPyConnection, trade: str, *, on: date) -> Story:
    """Return the story of the trade of this name, or of the only one with this order number.

    Raises:
        TradeUnknown: There is none, or several have that order number.
    """
    name, purpose, grade, currency, minor = _verdict(con, trade)
    said = {row["code"]: row for row in terms.catalogue(on)}
    buyer, due_on, rule = _terms(con, name)
    links = con.execute(
        'select link, status, "left", "right", tolerance from links where trade = ? order by link',
        [name],
    ).fetchall()
    findings = con.execute(
        "select code, weight, file, position, field, seen, expected from findings where trade = ? "
        "order by case weight when 'refuse' then 0 when 'review' then 1 else 2 end, "
        "code, file, position, field, seen",
        [name],
    ).fetchall()
    return Story(
        trade=name,
        purpose=purpose,
        on=on,
        grade=grade,
        currency=currency,
        verified_minor=minor,
        buyer=buyer,
        due_on=due_on,
        due_rule=rule,
        evidence=tuple(
            Evidence(
                file=file, kind=kind, dated_on=dated_on, parties=parties, digest=digest,
                attached_by=attached_by,
            )
            for file, kind, dated_on, parties, digest, attached_by in con.execute(
                "select path, kind, dated_on, parties, digest, attached_by from kept_evidence "
                "where trade = ? order by path",
                [name],
            ).fetchall()
        ),
        links=tuple(
            Link(link=link, status=status, left=left, right=right, tolerance=tolerance)
            for link, status, left, right, tolerance in links
        ),
        findings=tuple(
            Told(
                code=code, weight=weight, file=file, position=position, field=field, seen=seen,
                expected=expected, meaning=said[code]["meaning"], remedy=said[code]["remedy"],
                source=said[code]["source"],
            )
            for code, weight, file, position, field, seen, expected in findings
        ),
    )  # fmt: skip


def _verdict(con: duckdb.DuckDBPyConnection, trade: str) -> tuple[str, str, str, str | None, int]:
    columns = "trade, purpose, grade, currency, verified_minor"
    found = con.execute(f"select {columns} from verdicts where trade = ?", [trade]).fetchall()
    if not found:
        found = con.execute(
            f"select {columns} from verdicts where ends_with(trade, '/' || ?) "
            "order by trade limit 6",
            [trade],
        ).fetchall()
    if len(found) == 1:
        name, purpose, grade, currency, minor = found[0]
        return name, purpose, grade, currency, minor
    if found:
        names = ", ".join(row[0] for row in found)
        raise TradeUnknown(f"{len(found)} trades have the order number {trade}: {names}. Name one.")
    near = con.execute(
        "select trade from verdicts order by jaro_winkler_similarity(trade, ?) desc, trade limit 3",
        [trade],
    ).fetchall()
    names = ", ".join(row[0] for row in near) or "none: no trade was found at all"
    raise TradeUnknown(f"No trade is named {trade}. The nearest: {names}.")


def _terms(con: duckdb.DuckDBPyConnection, name: str) -> tuple[str | None, date | None, str | None]:
    """Return who owes a trade, when it is due and by which rule; nothing where no paper says so."""
    found = con.execute(
        "select coalesce(r.purchaser_name, c.buyer_name), m.due_on, m.rule from trade as t "
        "left join market_records as r on r.trade_id = t.trade_id "
        "left join trade_contracts as c on c.trade_id = t.trade_id "
        "left join trade_terms as m on m.trade_id = t.trade_id where t.trade = ?",
        [name],
    ).fetchone()
    return found or (None, None, None)


def _examples(con: duckdb.DuckDBPyConnection, on: date) -> tuple[Example, ...]:
    said = {row["code"]: row for row in terms.catalogue(on)}
    return tuple(
        Example(
            code=code, weight=weight, count=count, trade=trade, file=file, position=position,
            field=field, seen=seen, expected=expected, meaning=said[code]["meaning"],
            remedy=said[code]["remedy"],
        )
        for code, weight, count, trade, file, position, field, seen, expected in con.execute(
            EXAMPLES
        ).fetchall()
    )  # fmt: skip


def _pairs(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    return dict(con.execute(sql).fetchall())
