"""Builds many small trades from papers in table form, each with numbers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from trade_cases.build import Verdict, firm_code, judge
from tradeloop.documents import facts
from tradeloop.documents.papers import paper_kinds

ON = date(2026, 11, 1)
AGENT, OTHER = firm_code(900), firm_code(901)
TABLES = {kind.table: kind.line_table for kind in paper_kinds().values()}
Row = dict[str, object]


class Deal:
    """The papers of one trade, a table and its rows; a case changes them before they are judged."""

    def __init__(self, number: int) -> None:
        """Begin without papers."""
        self.number = number
        self.papers: list[tuple[str, Row, list[Row]]] = []

    @property
    def seller(self) -> str:
        """Return the credit code of the firm that sells."""
        return firm_code(self.number)

    @property
    def buyer(self) -> str:
        """Return the credit code of a domestic buyer."""
        return firm_code(100_000 + self.number)

    @property
    def entry_id(self) -> str:
        """Return the number of the declaration."""
        return f"292120260{self.number:09}"

    @property
    def no(self) -> str:
        """Return the number of the trade or the contract."""
        return f"N{self.number}"

    @property
    def numbers(self) -> set[str]:
        """Return every number by which a paper of this trade may be told of."""
        return {self.no, f"{self.no}x", self.entry_id, *self.references}

    @property
    def references(self) -> set[str]:
        """Return the numbers of payments."""
        return {str(head["ref"]) for table, head, _ in self.papers if table == "payments"}

    def add(self, table: str, lines: Iterable[Row] = (), **head: object) -> Self:
        """Add one paper."""
        self.papers.append((table, head, [dict(line) for line in lines]))
        return self

    def change(self, table: str, *, at: int = 0, **head: object) -> Self:
        """Change head fields of a paper."""
        self._of(table)[at][1].update(head)
        return self

    def line(self, table: str, number: int = 1, *, at: int = 0, **values: object) -> Self:
        """Change a line of a paper, counted from 1; one that is not there is added."""
        lines = self._of(table)[at][2]
        if number > len(lines):
            lines.append(dict(lines[-1]))
        lines[number - 1].update(values)
        return self

    def drop(self, *tables: str) -> Self:
        """Leave out all papers of some tables."""
        self.papers = [one for one in self.papers if one[0] not in tables]
        return self

    def again(self, table: str, **head: object) -> Self:
        """Add the same paper once more, with some fields changed."""
        _, old, lines = self._of(table)[0]
        return self.add(table, lines, **{**old, **head})

    def _of(self, table: str) -> list[tuple[str, Row, list[Row]]]:
        return [one for one in self.papers if one[0] == table]


def at(text: str) -> datetime:
    """Return a time from its text."""
    return datetime.fromisoformat(text)


def day(text: str) -> date:
    """Return a day from its text."""
    return date.fromisoformat(text)


def market(deal: Deal) -> Deal:
    """A market trade on credit: record, packing list, declaration, a part payment."""
    line: Row = {
        "line_no": 1, "goods": "toy", "hs": "9503", "qty": 100, "unit": "011", "price": 30,
        "total": 3000,
    }  # fmt: skip
    return (
        deal.add(
            "trade_records", [line], trade_no=deal.no, market="market", merchant_name="merchant",
            merchant_uscc=deal.seller, agent_uscc=AGENT, purchaser_name="Buyer One Ltd.",
            purchaser_country="ARE", purchaser_id_type="passport", purchaser_id_no="P1",
            terms_days=60, payment_method="T/T", currency="USD", amount=3000, price_basis="FOB",
            packing_list_no=f"L{deal.no}", declaration_no=deal.entry_id, container_no="C1",
            confirmed_at=at("2026-09-01T10:00:00"),
        )
        .add(
            "packing_lists", [{"goods": "toy", "packages": 5, "qty": 100}], no=f"L{deal.no}",
            trade_no=deal.no, packages=5, gross_kg=110, net_kg=100, container_no="C1",
        )
        .add(
            "declarations", [{**line, "hs": "9503008900"}], entry_id=deal.entry_id, mode="1039",
            direction="E", office="2921", consignor_uscc=AGENT, consignor_name="agent",
            destination="ARE", currency="USD", price_basis="FOB", gross_kg=110, net_kg=100,
            declared_on=day("2026-09-02"), status="released", released_at=at("2026-09-03T12:00:00"),
            left_at=at("2026-09-05T20:00:00"),
        )
        .add(
            "payments", ref=f"R{deal.no}", trade_no=deal.no, paid_on=day("2026-10-10"),
            currency="USD", amount=1000, payer="BUYER ONE LTD", payee_uscc=deal.seller,
        )
    )  # fmt: skip


def sale(deal: Deal) -> Deal:
    """A direct sale abroad on credit: contract and declaration."""
    line: Row = {
        "line_no": 1, "goods": "charger", "hs": "85044099", "qty": 10, "unit": "011", "price": 50,
        "total": 500,
    }  # fmt: skip
    return deal.add(
        "contracts", [line], no=deal.no, kind="sale", mode="9710", seller_uscc=deal.seller,
        seller_name="seller", buyer_name="Buyer Two GmbH", buyer_country="DEU", buyer_id_no="HRB 1",
        signed_on=day("2026-08-01"), currency="USD", amount=500, price_basis="FOB", terms_days=90,
    ).add(
        "declarations", [{**line, "hs": "8504409999"}], entry_id=deal.entry_id, mode="9710",
        direction="E", office="2921", consignor_uscc=deal.seller, consignor_name="seller",
        contract_no=deal.no, destination="DEU", currency="USD", price_basis="FOB", gross_kg=11,
        net_kg=10, declared_on=day("2026-09-02"), status="closed",
        released_at=at("2026-09-03T12:00:00"), left_at=at("2026-09-05T20:00:00"),
    )  # fmt: skip


def purchase(deal: Deal) -> Deal:
    """A purchase on sixty days: contract, VAT invoice, goods receipt."""
    line: Row = {
        "goods": "charger",
        "hs": "8504",
        "qty": 100,
        "unit": "011",
        "price": Decimal("11.3"),
        "total": 1130,
    }
    billed: Row = {
        "goods": "*电子*charger", "unit": "011", "qty": 100, "price": 10, "net": 1000,
        "rate_bp": 1300, "tax": 130,
    }  # fmt: skip
    return (
        deal.add(
            "contracts", [line], no=deal.no, kind="purchase", seller_uscc=deal.seller,
            seller_name="supplier", buyer_uscc=deal.buyer, buyer_name="buyer", buyer_country="CHN",
            signed_on=day("2026-08-01"), currency="CNY", amount=1130, terms_days=60,
        )
        .add(
            "invoices",
            [billed],
            number=f"2644{deal.number:016}", issued_on=day("2026-08-20"), kind="special",
            state="valid", seller_uscc=deal.seller, seller_name="supplier", buyer_uscc=deal.buyer,
            buyer_name="buyer", contract_no=deal.no, currency="CNY", net=1000, tax=130, gross=1130,
        )
        .add(
            "goods_receipts", [{"goods": "charger", "qty": 100, "unit": "011"}], no=f"G{deal.no}",
            contract_no=deal.no, supplier_name="supplier", supplier_uscc=deal.seller,
            received_on=day("2026-08-25"),
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """What makes a trade, and what is to be said of it."""

    build: Callable[[Deal], object]
    codes: frozenset[str] = frozenset()
    grade: str = "proven"
    orphans: frozenset[str] = frozenset()
    minor: int | None = None
    trade: Callable[[Deal], str] = lambda deal: f"{deal.seller}/{deal.no}"


def case(
    build: Callable[[Deal], object],
    *codes: str,
    grade: str = "proven",
    orphans: Iterable[str] = (),
    minor: int | None = None,
    trade: Callable[[Deal], str] | None = None,
) -> Case:
    """Return a case; without codes and grade the trade is clean."""
    name = {} if trade is None else {"trade": trade}
    return Case(build, frozenset(codes), grade, frozenset(orphans), minor, **name)


def write(folder: Path, deals: Iterable[Deal]) -> Path:
    """Write the papers of deals as tables of facts."""
    rows: dict[str, list[Row]] = {}
    for deal in deals:
        for record, (table, head, lines) in enumerate(deal.papers, 1):
            place = {"file": deal.number, "message": 1, "record": record}
            rows.setdefault(table, []).append(place | head)
            for number, line in enumerate(lines, 1):
                rows.setdefault(TABLES[table], []).append(place | {"line": number} | line)
    folder.mkdir(parents=True, exist_ok=True)
    for table, found in rows.items():
        schema = facts.tables()[table]
        columns = {
            field.name: pa.array(
                [_exact(row.get(field.name), field.type) for row in found], field.type
            )
            for field in schema
        }
        pq.write_table(pa.table(columns, schema=schema), folder / f"{table}.parquet")
    return folder


def _exact(value: object, kind: pa.DataType) -> object:
    return Decimal(str(value)) if pa.types.is_decimal(kind) and value is not None else value


def judge_deals(
    folder: Path, cases: Mapping[str, Case], *, purpose: str = "insurance", on: date = ON
) -> dict[str, Verdict]:
    """Judge all cases together and return what was said of each."""
    deals = {}
    for number, (name, one) in enumerate(cases.items(), 1):
        deals[name] = Deal(number)
        one.build(deals[name])
    found = judge(write(folder, deals.values()), purpose=purpose, on=on)
    return {
        name: found.of(one.trade(deals[name]), deals[name].numbers) for name, one in cases.items()
    }
