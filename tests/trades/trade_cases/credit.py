"""Cases of trades on credit: market trade, direct sales, purchases; judged for insurance."""

from __future__ import annotations

from trade_cases.build import firm_code
from trade_cases.deals import OTHER, Case, Deal, at, case, day, market, purchase, sale

PART = "payment-part"  # a market trade is paid in part, which is a note
BAD = "contradicted"
OPEN = "incomplete"


def by_consignor(deal: Deal) -> str:
    """Return the name of the trade that a declaration opens by itself."""
    agent = next(
        head["consignor_uscc"] for table, head, _ in deal.papers if table == "declarations"
    )
    return f"{agent}/{deal.entry_id}"


def consolidated(deal: Deal, first: int, second: int) -> Deal:
    """Put a second merchant's trade record and packing list on the declaration."""
    market(deal).change("trade_records", amount=first).line(
        "trade_records", qty=first, price=1, total=first
    )
    deal.line("packing_lists", qty=1).change("packing_lists", gross_kg=50, net_kg=40)
    deal.again(
        "trade_records",
        merchant_uscc=OTHER,
        trade_no=f"{deal.no}x",
        amount=second,
        packing_list_no=f"L{deal.no}x",
    )
    deal.line("trade_records", at=1, qty=second, price=1, total=second)
    return deal.again(
        "packing_lists", no=f"L{deal.no}x", trade_no=f"{deal.no}x", gross_kg=60, net_kg=50
    )


def bare(deal: Deal, table: str) -> Deal:
    """Leave out the lines of a kind of paper."""
    deal.papers = [(one, head, [] if one == table else rows) for one, head, rows in deal.papers]
    return deal


def packed(deal: Deal, letter: str) -> Deal:
    """Add a packing list of half of a sale."""
    return deal.add(
        "packing_lists", [{"goods": "charger", "packages": 1, "qty": 5}], no=f"{deal.no}{letter}",
        order_no=deal.no, packages=1, gross_kg=11, net_kg=10,
    )  # fmt: skip


def returned(deal: Deal, qty: int, **head: object) -> Deal:
    """Let goods come back."""
    return deal.add(
        "return_tables", [{"line_no": 1, "goods": "toy", "qty": qty}], number=deal.entry_id,
        returned_on=day("2026-10-15"), **head,
    )  # fmt: skip


def paid(deal: Deal, amount: object, **head: object) -> Deal:
    """Add a payment."""
    return deal.add(
        "payments", ref=f"Q{deal.no}", trade_no=deal.no, paid_on=day("2026-10-20"), currency="USD",
        amount=amount, payer="Buyer One Ltd.", payee_uscc=deal.seller, **head,
    )  # fmt: skip


def red(deal: Deal, **head: object) -> Deal:
    """Add a red invoice over the whole of the first."""
    number = f"2644{deal.number:016}"
    given = {
        "number": f"2645{deal.number:016}",
        "state": "red",
        "red_of": number,
        "net": -1000,
        "tax": -130,
        "gross": -1130,
    }
    return deal.again("invoices", **{**given, **head})


MARKET: dict[str, Case] = {
    "clean": case(market, PART, minor=200_000),
    "nothing paid": case(lambda d: market(d).drop("payments"), minor=300_000),
    "all paid": case(lambda d: paid(market(d), 2000), "no-credit-given"),
    "no record": case(
        lambda d: market(d).drop("trade_records"),
        "trade-record-missing",
        grade=OPEN,
        trade=by_consignor,
        orphans=["orphan-packing-list", "orphan-payment"],
    ),
    "no packing list": case(
        lambda d: market(d).drop("packing_lists"), PART, "packing-list-missing", grade=OPEN
    ),
    "no declaration": case(
        lambda d: market(d).drop("declarations"), PART, "declaration-missing", grade=OPEN
    ),
    "not released": case(
        lambda d: market(d).change("declarations", status="declared", released_at=None),
        PART,
        "release-missing",
        grade=OPEN,
    ),
    "not left": case(
        lambda d: market(d).change("declarations", left_at=None),
        PART,
        "departure-missing",
        grade=OPEN,
    ),
    "leaves tomorrow": case(
        lambda d: market(d).change("declarations", left_at=at("2026-11-02T10:00:00")),
        PART,
        "departure-missing",
        "departure-in-future",
        grade=OPEN,
    ),
    "left before it was declared": case(
        lambda d: market(d).change(
            "declarations", released_at=None, left_at=at("2026-08-30T20:00:00")
        ),
        PART,
        "departure-before-release",
        grade=BAD,
    ),
    "freight below zero": case(
        lambda d: (
            market(d)
            .change("declarations", price_basis="CIF", freight=-1000)
            .change("trade_records", amount=4000)
            .line("trade_records", price=40, total=4000)
        ),
        PART,
        "amount-negative",
        "record-exceeds-declared",
        grade=BAD,
    ),
    "left before it was released": case(
        lambda d: market(d).change("declarations", left_at=at("2026-09-02T11:00:00")),
        PART,
        "departure-before-release",
        grade=BAD,
    ),
    "150,000.00": case(
        lambda d: (
            market(d)
            .change("trade_records", amount=150_000)
            .line("trade_records", price=1500, total=150_000)
            .line("declarations", price=1500, total=150_000)
        ),
        PART,
        minor=14_900_000,
    ),
    "150,000.01": case(
        lambda d: (
            market(d)
            .change("trade_records", amount="150000.01")
            .line("trade_records", price="1500.0001", total="150000.01")
            .line("declarations", price="1500.0001", total="150000.01")
        ),
        PART,
        "declaration-over-limit",
        grade=BAD,
    ),
    "declared in yuan": case(
        lambda d: (
            market(d)
            .drop("payments")
            .change("trade_records", currency="CNY")
            .change("declarations", currency="CNY")
        ),
        "declaration-limit-unavailable",
        grade=OPEN,
    ),
    "deleted": case(
        lambda d: market(d).change("declarations", status="deleted"),
        PART,
        "declaration-deleted",
        "declaration-missing",
        grade=OPEN,
    ),
    "returned": case(
        lambda d: market(d).change("declarations", status="returned"),
        PART,
        "declaration-returned",
        grade=BAD,
    ),
    "amended and released": case(
        lambda d: market(d).change("declarations", status="amended"), PART
    ),
    "declared, then released": case(
        lambda d: market(d).again(
            "declarations", status="declared", released_at=None, left_at=None
        ),
        PART,
        "paper-amended",
    ),
    "amended down afterwards": case(
        lambda d: (
            market(d)
            .again("declarations", status="amended", updated_at=at("2026-09-20T10:00:00"))
            .line("declarations", at=1, price=20, total=2000)
        ),
        PART,
        "paper-amended",
        "record-exceeds-declared",
        grade=BAD,
    ),
    "replaced by another": case(
        lambda d: market(d).again(
            "declarations", entry_id=f"292120261{d.number:09}", amends=d.entry_id
        ),
        PART,
        "declaration-replaced",
        minor=200_000,
    ),
    "replaced twice": case(
        lambda d: (
            market(d)
            .again("declarations", entry_id=f"292120261{d.number:09}", amends=d.entry_id)
            .again(
                "declarations", entry_id=f"292120262{d.number:09}", amends=f"292120261{d.number:09}"
            )
        ),
        PART,
        "declaration-replaced",
        minor=200_000,
    ),
    "sold to itself": case(
        lambda d: market(d).change("trade_records", purchaser_id_no=d.seller),
        PART,
        "same-party",
        grade=BAD,
    ),
    "record says more": case(
        lambda d: (
            market(d)
            .change("trade_records", amount=4000)
            .line("trade_records", price=40, total=4000)
        ),
        PART,
        "record-exceeds-declared",
        grade=BAD,
    ),
    "record says less": case(
        lambda d: (
            market(d)
            .change("trade_records", amount=2000)
            .line("trade_records", price=20, total=2000)
        ),
        PART,
        "partly-recorded",
        minor=100_000,
    ),
    "1.00 more": case(
        lambda d: (
            market(d)
            .change("trade_records", amount=3001)
            .line("trade_records", price="30.01", total=3001)
        ),
        PART,
        minor=200_000,
    ),
    "two merchants on one declaration": case(
        lambda d: consolidated(d, 1200, 1800), PART, minor=20_000
    ),
    "two merchants want too much of it": case(
        lambda d: consolidated(d, 1200, 1900), PART, "record-exceeds-declared", grade=BAD
    ),
    "CIF declared, FOB sold": case(
        lambda d: (
            market(d)
            .change("declarations", price_basis="CIF", freight=200, insurance="10")
            .line("declarations", price="32.1", total=3210)
        ),
        PART,
        minor=200_000,
    ),
    "CIF declared by percentages": case(
        lambda d: (
            market(d)
            .change(
                "declarations",
                price_basis="CIF",
                freight=5,
                freight_mark="1",
                insurance="1",
                insurance_mark="1",
            )
            .line("declarations", price=32, total=3200)
        ),
        PART,
        "partly-recorded",
        minor=200_000,
    ),
    "CFR by the ton": case(
        lambda d: (
            market(d)
            .change("declarations", price_basis="CFR", freight=2000, freight_mark="2")
            .line("declarations", price=32, total=3200)
        ),
        PART,
        minor=200_000,
    ),
    "another currency": case(
        lambda d: market(d).drop("payments").change("trade_records", currency="EUR"),
        "currency-differs",
        grade=BAD,
    ),
    "cash": case(
        lambda d: market(d).change("trade_records", payment_method="cash"),
        PART,
        "cash-payment",
        grade=BAD,
    ),
    "paid too much": case(
        lambda d: paid(market(d), "2001.01"), "payment-exceeds", "no-credit-given", grade=BAD
    ),
    "paid 1.00 too much": case(lambda d: paid(market(d), "2001"), "no-credit-given"),
    "paid in another currency": case(
        lambda d: market(d).change("payments", currency="EUR"),
        "payment-currency-differs",
        grade=BAD,
    ),
    "paid by somebody else": case(
        lambda d: market(d).change("payments", payer="Sister Company"), PART, "payer-differs"
    ),
    "paid by another spelling": case(
        lambda d: market(d).change("payments", payer="buyer-one, LTD"), PART
    ),
    "a payment for another number": case(
        lambda d: market(d).change("payments", trade_no=f"{d.no}x"),
        orphans=["orphan-payment"],
    ),
    "a line that does not multiply": case(
        lambda d: market(d).line("trade_records", price=31),
        PART,
        "line-total-differs",
        grade=BAD,
    ),
    "an amount that is not the sum": case(
        lambda d: market(d).line("trade_records", price=29, total=2900),
        PART,
        "amount-differs",
        grade=BAD,
    ),
    "a negative price": case(
        lambda d: (
            market(d)
            .line("trade_records", 2, price=-1, qty=1, total=-1)
            .line("trade_records", price="30.01", total=3001)
        ),
        PART,
        "amount-negative",
        grade=BAD,
    ),
    "no quantity": case(
        lambda d: market(d).line("trade_records", 2, price=0, qty=0, total=0),
        PART,
        "quantity-not-positive",
        grade=BAD,
    ),
    "packed too much": case(
        lambda d: market(d).line("packing_lists", qty=101),
        PART,
        "packed-exceeds-recorded",
        grade=BAD,
    ),
    "packed less": case(lambda d: market(d).line("packing_lists", qty=90), PART),
    "heavier than packed": case(
        lambda d: market(d).change("declarations", gross_kg="115.51"),
        PART,
        "weight-differs",
        grade=BAD,
    ),
    "5 % heavier": case(lambda d: market(d).change("declarations", gross_kg="115.5"), PART),
    "more net than gross": case(
        lambda d: market(d).change("packing_lists", net_kg=111),
        PART,
        "net-exceeds-gross",
        grade=BAD,
    ),
    "another container": case(
        lambda d: market(d).change("packing_lists", container_no="C2"),
        PART,
        "container-differs",
        grade=BAD,
    ),
    "buyer without a number": case(
        lambda d: market(d).change("trade_records", purchaser_id_no=None),
        PART,
        "buyer-unnamed",
        grade=OPEN,
    ),
    "360 days": case(lambda d: market(d).change("trade_records", due_on=day("2027-08-27")), PART),
    "361 days": case(
        lambda d: market(d).change("trade_records", due_on=day("2027-08-28")),
        PART,
        "due-too-late",
        grade=BAD,
    ),
    "no terms": case(
        lambda d: market(d).change("trade_records", terms_days=None),
        PART,
        "credit-terms-missing",
        grade=OPEN,
    ),
    "neither terms nor payment": case(
        lambda d: market(d).drop("payments").change("trade_records", terms_days=None),
        "credit-terms-missing",
        grade=OPEN,
    ),
    "confirmed a day late": case(
        lambda d: market(d).change("trade_records", confirmed_at=at("2026-09-03T23:00:00")), PART
    ),
    "confirmed two days late": case(
        lambda d: market(d).change("trade_records", confirmed_at=at("2026-09-04T00:00:00")),
        PART,
        "dates-out-of-order",
        grade=BAD,
    ),
    "paid tomorrow": case(
        lambda d: market(d).change("payments", paid_on=day("2026-11-02")), PART, "date-in-future"
    ),
    "the same record twice": case(
        lambda d: market(d).again("trade_records"), PART, "paper-repeated"
    ),
    "a record corrected": case(
        lambda d: market(d).again(
            "trade_records", updated_at=at("2026-09-02T10:00:00"), purchaser_name="Buyer One Ltd"
        ),
        PART,
        "paper-amended",
    ),
    "two records with one number": case(
        lambda d: market(d).again("trade_records", purchaser_name="Another"),
        PART,
        "key-reused",
        grade=BAD,
    ),
    "other goods": case(
        lambda d: market(d).line("trade_records", hs="6104"), PART, "goods-not-declared", grade=BAD
    ),
    "another mode": case(
        lambda d: market(d).change("declarations", mode="0110"),
        PART,
        "mode-differs",
        "trade-mode-not-judged",
        grade=BAD,
    ),
    "another agent": case(
        lambda d: market(d).change("trade_records", agent_uscc=OTHER),
        PART,
        "consignor-differs",
        grade=BAD,
    ),
    "agent with a wrong check digit": case(
        lambda d: market(d).change(
            "trade_records", agent_uscc=d.seller[:-1] + ("A" if d.seller[-1] != "A" else "B")
        ),
        PART,
        "firm-code-malformed",
        "consignor-differs",
        grade=BAD,
    ),
    "a declaration number of 17 digits": case(
        lambda d: market(d).change("trade_records", declaration_no=d.entry_id[:17]),
        PART,
        "declaration-number-malformed",
        "declaration-missing",
        grade=BAD,
    ),
    "some came back": case(
        lambda d: returned(market(d), 10), PART, "return-recorded", minor=170_000
    ),
    "more came back than left": case(
        lambda d: returned(market(d), 101),
        PART,
        "return-recorded",
        "return-exceeds-declared",
        "no-credit-given",
        grade=BAD,
    ),
    "nobody says whose goods came back": case(
        lambda d: returned(consolidated(d, 2000, 1000), 10),
        PART,
        "return-unattributed",
        minor=70_000,
    ),
    "goods of a trade that is not on it came back": case(
        lambda d: returned(consolidated(d, 2000, 1000), 10, trade_no="another"),
        PART,
        "return-unattributed",
        minor=70_000,
    ),
    "goods of the other trade came back": case(
        lambda d: returned(consolidated(d, 2000, 1000), 10, trade_no=f"{d.no}x"),
        PART,
        minor=100_000,
    ),
    "the only trade came back by another name": case(
        lambda d: returned(market(d), 10, trade_no="another"),
        PART,
        "return-recorded",
        minor=170_000,
    ),
    "other merchants' records and packing lists are not here": case(
        lambda d: (
            market(d)
            .change("trade_records", amount=1500)
            .line("trade_records", qty=50, total=1500)
            .change("packing_lists", gross_kg=50, net_kg=40)
            .line("packing_lists", qty=50)
        ),
        PART,
        "partly-recorded",
        minor=50_000,
    ),
    "deleted, nobody says when": case(
        lambda d: (
            market(d)
            .change("declarations", updated_at=at("2026-09-10T10:00:00"))
            .again("declarations", updated_at=None, status="deleted")
        ),
        PART,
        "key-reused",
        grade=BAD,
    ),
    "a country of no table": case(
        lambda d: market(d).change("trade_records", purchaser_country="QQQ"),
        PART,
        "country-unknown",
    ),
    "a currency that is none": case(
        lambda d: market(d).drop("payments").change("trade_records", currency="usd"),
        "currency-malformed",
        "currency-differs",
        grade=BAD,
    ),
    "an office of no table": case(
        lambda d: market(d).change("declarations", office="9999"), PART, "customs-office-unknown"
    ),
    "an office that is none": case(
        lambda d: market(d).change("declarations", office="29"),
        PART,
        "customs-office-malformed",
        grade=BAD,
    ),
    "an import": case(
        lambda d: market(d).change("declarations", direction="I"),
        PART,
        "direction-malformed",
        grade=BAD,
    ),
    "two records claim more than is declared": case(
        lambda d: consolidated(d, 1800, 1800), PART, "record-exceeds-declared", grade=BAD
    ),
    "one of two claims all and more, the other lacks its amount": case(
        lambda d: consolidated(d, 9000, 1).change("trade_records", at=1, amount=None),
        PART,
        "record-exceeds-declared",
        grade=BAD,
    ),
    "one of two claims all and more, the other in another currency": case(
        lambda d: consolidated(d, 9000, 1).change("trade_records", at=1, currency="EUR"),
        PART,
        "record-exceeds-declared",
        grade=BAD,
    ),
    "two claim all on two price bases": case(
        lambda d: consolidated(d, 3000, 3000).change("trade_records", at=1, price_basis="CIF"),
        PART,
        "record-exceeds-declared",
        grade=BAD,
    ),
    "two price bases within the widest": case(
        lambda d: (
            consolidated(d, 1100, 1890)
            .change("trade_records", at=1, price_basis="CIF")
            .change("declarations", price_basis="CIF", freight=10)
        ),
        PART,
        minor=10_000,
    ),
    "declared without a currency": case(
        lambda d: market(d).change("declarations", currency=None),
        PART,
        "declaration-limit-unavailable",
        "value-missing",
        grade=OPEN,
    ),
    "a declared line without its total": case(
        lambda d: market(d).line("declarations", 2, total=None), PART, "value-missing", grade=OPEN
    ),
    "paid without an amount": case(
        lambda d: market(d).change("payments", amount=None), "value-missing", grade=OPEN
    ),
    "released tomorrow": case(
        lambda d: market(d).change(
            "declarations", released_at=at("2026-11-02T10:00:00"), left_at=None
        ),
        PART,
        "release-missing",
        "departure-missing",
        grade=OPEN,
    ),
    "HS of five digits": case(
        lambda d: market(d).line("trade_records", hs="95030"), PART, "hs-malformed", grade=BAD
    ),
}

SALES: dict[str, Case] = {
    "clean": case(sale, minor=50_000),
    "paid in part": case(
        lambda d: paid(sale(d), 200).change("payments", payer="BUYER TWO GMBH"), PART, minor=30_000
    ),
    "in 9810": case(
        lambda d: sale(d).change("declarations", mode="9810").change("contracts", mode="9810"),
        minor=50_000,
    ),
    "no contract": case(
        lambda d: sale(d).drop("contracts"),
        "order-missing",
        grade=OPEN,
    ),
    "not declared": case(
        lambda d: sale(d).drop("declarations").change("contracts", due_on=day("2026-12-01")),
        "declaration-missing",
        grade=OPEN,
    ),
    "declared more": case(
        lambda d: sale(d).line("declarations", price=51, total=510),
        "declaration-exceeds-order",
        grade=BAD,
    ),
    "declared less": case(
        lambda d: sale(d).line("declarations", price=40, total=400), "partly-exported", minor=40_000
    ),
    "no terms": case(
        lambda d: sale(d).change("contracts", terms_days=None), "credit-terms-missing", grade=OPEN
    ),
    "general trade": case(
        lambda d: sale(d).change("declarations", mode="0110"),
        "trade-mode-not-judged",
        grade=OPEN,
    ),
    "a mode of no table": case(
        lambda d: sale(d).change("declarations", mode="9999"), "trade-mode-unknown", grade="proven"
    ),
    "some came back": case(
        lambda d: returned(sale(d), 2, trade_no=d.no), "return-recorded", minor=40_000
    ),
    "delivered in two parts": case(
        lambda d: (
            packed(packed(sale(d), "a"), "b")
            .line("declarations", qty=5, total=250)
            .again("declarations", entry_id=f"292120261{d.number:09}")
        ),
        minor=50_000,
    ),
    "declared anew in the right mode": case(
        lambda d: (
            sale(d)
            .again("declarations", entry_id=f"292120261{d.number:09}", amends=d.entry_id)
            .change("declarations", mode="0110")
        ),
        "declaration-replaced",
        minor=50_000,
    ),
    "declared as parcels": case(
        lambda d: sale(d).change("declarations", mode="9610"),
        "order-missing",
        "list-missing",
        "collection-missing",
        grade=OPEN,
    ),
    "declared before it was signed": case(
        lambda d: sale(d).change("contracts", signed_on=day("2026-09-10")),
        "dates-out-of-order",
        grade=BAD,
    ),
}

PURCHASES: dict[str, Case] = {
    "clean": case(purchase, minor=113_000),
    "paid in part": case(
        lambda d: purchase(d).add(
            "payments",
            ref=f"Q{d.no}",
            order_no=d.no,
            paid_on=day("2026-10-20"),
            currency="CNY",
            amount=130,
            payer="buyer",
            payee_uscc=d.seller,
        ),
        PART,
        minor=100_000,
    ),
    "paid": case(
        lambda d: purchase(d).add(
            "payments",
            ref=f"Q{d.no}",
            order_no=d.no,
            paid_on=day("2026-10-20"),
            currency="CNY",
            amount=1130,
        ),
        "no-credit-given",
    ),
    "no contract": case(
        lambda d: purchase(d).drop("contracts"),
        orphans=["orphan-invoice", "orphan-receipt"],
        grade="",
    ),
    "no invoice": case(lambda d: purchase(d).drop("invoices"), "invoice-missing", grade=OPEN),
    "no receipt": case(lambda d: purchase(d).drop("goods_receipts"), "receipt-missing", grade=OPEN),
    "invoice without the contract's number": case(
        lambda d: purchase(d).change("invoices", contract_no=None), minor=113_000
    ),
    "billed 0.5 % more": case(
        lambda d: purchase(d).change("invoices", net=1005, gross="1135.65", tax="130.65"),
        minor=113_000,
    ),
    "billed more": case(
        lambda d: purchase(d).change("invoices", net="1005.01", gross="1135.66", tax="130.65"),
        "invoice-exceeds-contract",
        grade=BAD,
    ),
    "billed in part": case(
        lambda d: purchase(d).change("invoices", net=500, gross=565, tax=65),
        "partly-invoiced",
        minor=56_500,
    ),
    "received in part": case(
        lambda d: purchase(d).line("goods_receipts", qty=40), "partly-received", minor=45_200
    ),
    "received too much": case(
        lambda d: purchase(d).line("goods_receipts", qty=101), "receipt-exceeds-contract", grade=BAD
    ),
    "received without lines": case(
        lambda d: bare(purchase(d), "goods_receipts"), "receipt-unvalued", grade=OPEN
    ),
    "received without a quantity": case(
        lambda d: purchase(d).line("goods_receipts", qty=None), "receipt-unvalued", grade=OPEN
    ),
    "received one of something else": case(
        lambda d: purchase(d).line("goods_receipts", goods="cable", qty=1),
        "receipt-unvalued",
        grade=OPEN,
    ),
    "received by a name in capitals": case(
        lambda d: purchase(d).line("goods_receipts", goods="CHARGER"), minor=113_000
    ),
    "a free sample beside": case(
        lambda d: (
            purchase(d)
            .line("contracts", 2, qty=2, price=0, total=0)
            .line("goods_receipts", qty=102)
        ),
        minor=113_000,
    ),
    "a contract without lines": case(
        lambda d: bare(purchase(d), "contracts"), "receipt-unvalued", grade=OPEN
    ),
    "the rest received tomorrow": case(
        lambda d: (
            purchase(d)
            .line("goods_receipts", qty=40)
            .again("goods_receipts", no=f"H{d.no}", received_on=day("2026-11-02"))
            .line("goods_receipts", at=1, qty=60)
        ),
        "date-in-future",
        minor=45_200,
    ),
    "billed tomorrow": case(
        lambda d: purchase(d).change("invoices", issued_on=day("2026-11-02")),
        "date-in-future",
        "invoice-missing",
        grade=OPEN,
    ),
    "billed without an amount": case(
        lambda d: purchase(d).change("invoices", gross=None), "value-missing", grade=OPEN
    ),
    "received tomorrow": case(
        lambda d: purchase(d).change("goods_receipts", received_on=day("2026-11-02")),
        "receipt-missing",
        "date-in-future",
        grade=OPEN,
    ),
    "received before it was ordered": case(
        lambda d: purchase(d).change("goods_receipts", received_on=day("2026-07-30")),
        "dates-out-of-order",
        grade=BAD,
    ),
    "another firm's receipt": case(
        lambda d: purchase(d).change("goods_receipts", supplier_uscc=OTHER),
        "receipt-party-differs",
        grade=BAD,
    ),
    "billed by another firm": case(
        lambda d: purchase(d).change("invoices", seller_uscc=OTHER),
        "invoice-party-differs",
        grade=BAD,
    ),
    "billed to another firm": case(
        lambda d: purchase(d).change("invoices", buyer_uscc=OTHER),
        "invoice-party-differs",
        grade=BAD,
    ),
    "other goods billed": case(
        lambda d: purchase(d).line("invoices", goods="*电子*lamp"),
        "invoice-goods-differ",
        grade=BAD,
    ),
    "void": case(
        lambda d: purchase(d).change("invoices", state="void"),
        "invoice-void",
        "invoice-missing",
        grade=OPEN,
    ),
    "void and written anew": case(
        lambda d: (
            purchase(d)
            .again("invoices", number=f"2645{d.number:016}")
            .change("invoices", state="void")
        ),
        "invoice-replaced",
        minor=113_000,
    ),
    "reversed": case(lambda d: red(purchase(d)), "invoice-reversed", "invoice-missing", grade=OPEN),
    "reversed and written anew": case(
        lambda d: red(purchase(d)).again("invoices", number=f"2646{d.number:016}"),
        "invoice-replaced",
        minor=113_000,
    ),
    "red in part, under another number": case(
        lambda d: red(purchase(d), contract_no="another", net=-500, tax=-65, gross=-565),
        "partly-invoiced",
        minor=56_500,
    ),
    "a price of many decimals": case(
        lambda d: (
            purchase(d)
            .change("contracts", amount=15_000)
            .line("contracts", qty=30_000, price="0.5", total=15_000)
            .line("goods_receipts", qty=30_000)
            .change("invoices", net="13274.34", tax="1725.66", gross=15_000)
            .line("invoices", qty=30_000, price="0.44248", net="13274.34", tax="1725.66")
        ),
        minor=1_500_000,
    ),
    "a price that is wrong": case(
        lambda d: purchase(d).line("invoices", price="10.001"), "line-total-differs", grade=BAD
    ),
    "red without its original": case(
        lambda d: red(purchase(d), red_of="26440000000000009999", net=-100, tax=-13, gross=-113),
        "red-invoice-orphan",
        "partly-invoiced",
        minor=101_700,
    ),
    "negative and not red": case(
        lambda d: purchase(d).again(
            "invoices", number=f"2645{d.number:016}", net=-100, tax=-13, gross=-113
        ),
        "amount-negative",
        "partly-invoiced",
        grade=BAD,
    ),
    "net and tax are not gross": case(
        lambda d: purchase(d).change("invoices", tax=131), "invoice-total-differs", grade=BAD
    ),
    "an invoice in dollars": case(
        lambda d: purchase(d).change("invoices", currency="USD"), "currency-differs", grade=BAD
    ),
    "an invoice number of 19 digits": case(
        lambda d: purchase(d).change("invoices", number=f"2644{d.number:015}"),
        "invoice-number-malformed",
        grade=BAD,
    ),
    "bought from itself": case(
        lambda d: (
            purchase(d)
            .change("contracts", buyer_uscc=d.seller)
            .change("invoices", buyer_uscc=d.seller)
        ),
        "same-party",
        grade=BAD,
    ),
    "two contracts with one number": case(
        lambda d: purchase(d).again("contracts", amount=2000),
        "key-reused",
        "amount-differs",
        "partly-invoiced",
        grade=BAD,
    ),
}

SHARED = firm_code(700_000)
TOGETHER: dict[str, Case] = {
    "bought": case(
        lambda d: (
            purchase(d).change("contracts", buyer_uscc=SHARED).change("invoices", buyer_uscc=SHARED)
        )
    ),
    "sold more than bought": case(
        lambda d: (
            sale(d)
            .change("contracts", seller_uscc=SHARED)
            .change("declarations", consignor_uscc=SHARED)
            .line("contracts", qty=101, price=50, total=5050)
            .line("declarations", qty=101, price=50, total=5050)
            .change("contracts", amount=5050)
        ),
        "export-exceeds-purchase",
        trade=lambda d: f"{SHARED}/{d.no}",
    ),
    "one transfer for two trades, each its part": case(
        lambda d: market(d).change("payments", ref="SPLIT", amount=700),
        PART,
        "payment-split",
    ),
    "the other part": case(
        lambda d: market(d).change("payments", ref="SPLIT", amount=800),
        PART,
        "payment-split",
    ),
    "one payment for two trades": case(
        lambda d: market(d).change("payments", ref="SAME"),
        PART,
        "payment-reused",
        grade=BAD,
    ),
    "the other of the two": case(
        lambda d: market(d).change("payments", ref="SAME"),
        PART,
        "payment-reused",
        grade=BAD,
    ),
    "one invoice for two contracts": case(
        lambda d: purchase(d).change("invoices", number="26440000000000008888"),
        "invoice-reused",
        grade=BAD,
    ),
    "another contract with that invoice": case(
        lambda d: purchase(d).change("invoices", number="26440000000000008888", contract_no=d.no),
        "invoice-reused",
        grade=BAD,
    ),
}
