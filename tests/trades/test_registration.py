"""Judged trades on their way to the registry."""

from __future__ import annotations

import duckdb

from tradeloop.trades.registration import JUDGED

TABLES = """
create table verdicts (
    trade varchar, grade varchar, currency varchar, verified_minor bigint
);
create table trade (trade varchar, mode varchar, dated_at timestamp);
create table trade_parties (trade varchar, seller varchar, buyer varchar);
create table trade_names (trade varchar, kind varchar, authority varchar, number varchar);
insert into trade values ('A/1', '9610', null), ('B/1', '9610', null), ('B/2', '9610', null),
    ('C/1', '9610', null), ('D/1/2', '9610', null), ('E/1/2', '9610', null);
insert into verdicts select trade, 'proven', 'USD', 100 from trade;
insert into trade_parties select trade, 'a seller', 'a buyer' from trade;
insert into trade_names values
    ('A/1', 'list', 'CN.customs', 'L-1'), ('B/1', 'list', 'CN.customs', 'L-1'),
    ('A/1', 'list', 'CN.customs', 'L-2'), ('B/1', 'list', 'CN.customs', 'L-2'),
    ('B/2', 'list', 'CN.customs', 'L-1'), ('C/1', 'list', 'CN.customs', 'L-3'),
    ('C/1', 'order', 'CN.customs', 'L-1'), ('A/1', 'order', null, '1'), ('B/1', 'order', null, '1'),
    ('D/1/2', 'list', 'CN.customs', 'L-4'), ('E/1/2', 'list', 'CN.customs', 'L-4');
"""


def test_a_trade_knows_the_others_of_its_number_on_its_list_under_other_codes() -> None:
    with duckdb.connect() as con:
        con.execute(TABLES)

        found = {row[0]: row[-1] for row in con.execute(JUDGED).fetchall()}

    assert found == {
        "A/1": "B/1", "B/1": "A/1", "B/2": None, "C/1": None, "D/1/2": "E/1/2", "E/1/2": "D/1/2",
    }  # fmt: skip
