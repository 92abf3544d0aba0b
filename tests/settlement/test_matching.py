"""Two of reference, amount and name must agree; nothing is given out twice, and nothing guessed."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import Direction, Entry, Party, Payment, Place, References
from tradeloop.settlement.matching import Matched, Receivable, match


def pay(
    minor: int, text: str = "", *, name: str | None = "ACME Co., Ltd.", entry: int = 1,
    currency: str = "USD", status: str = "BOOK", way: Direction = Direction.CREDIT,
    reversal: bool = False,
) -> Payment:  # fmt: skip
    place, amount = Place(file="f", statement=1, entry=entry), Money(minor, currency)
    return Payment(
        place=place, account="A", booked_on=date(2026, 3, 9), value_on=None, amount=amount,
        direction=way, is_reversal=reversal, status=status,
        references=References(remittance=(text,)), counterparty=Party(name=name), original=None,
        exchange=None, bank_code=None, entry=Entry(place=place, reference=None, amount=amount),
    )  # fmt: skip


def owed(
    id: str, minor: int, reference: str = "", name: str = "Acme Co Ltd", currency: str = "USD"
) -> Receivable:
    return Receivable(
        id=id, debtor_names=(name,), open=Money(minor, currency), references=(reference or id,)
    )


def run(payments: list[Payment], receivables: list[Receivable], charges: int = 0) -> Matched:
    return match(payments, receivables, charges_max_minor={"USD": charges})


def told(found: Matched) -> list[tuple[str, int, int]]:
    return [(one.receivable.id, one.amount.minor, one.charge.minor) for one in found.matches]


@pytest.mark.parametrize("text", ["INV-2026-7", "pays inv 2026/7 thanks", "货款INV20267"])
def test_a_reference_is_found_however_it_is_written(text: str) -> None:
    found = run([pay(100, text)], [owed("INV-2026-7", 100)])

    assert told(found) == [("INV-2026-7", 100, 0)]
    assert found.matches[0].agreed == ("reference", "name", "amount")


def test_a_longer_number_is_another_reference() -> None:
    found = run([pay(100, "INV20267", name=None)], [owed("INV2026", 100)])

    assert not found.matches
    assert found.doubtful[0].because == "only the amount agrees"


def test_one_payment_pays_several() -> None:
    found = run([pay(300, "INV001 INV002")], [owed("INV001", 100), owed("INV002", 200)])

    assert told(found) == [("INV001", 100, 0), ("INV002", 200, 0)]


def test_several_payments_pay_one() -> None:
    found = run([pay(60, "INV001"), pay(40, "INV001", entry=2)], [owed("INV001", 100)])

    assert told(found) == [("INV001", 60, 0), ("INV001", 40, 0)]
    assert found.matches[0].differed == ("amount",)


def test_less_than_all_it_names_is_left_for_a_person() -> None:
    found = run([pay(250, "INV001 INV002")], [owed("INV001", 100), owed("INV002", 200)])

    assert not found.matches
    assert len(found.doubtful[0].may_pay) == 2


def test_what_is_paid_too_much_is_left_for_a_person() -> None:
    found = run([pay(120, "INV001")], [owed("INV001", 100)])

    assert told(found) == [("INV001", 100, 0)]
    assert found.doubtful[0].left == Money(20, "USD")


@pytest.mark.parametrize(("paid", "charge"), [(95, 5), (94, 0)])
def test_charges_of_banks_settle_within_what_the_caller_allows(paid: int, charge: int) -> None:
    found = run([pay(paid, "INV001")], [owed("INV001", 100)], charges=5)

    assert told(found) == [("INV001", paid, charge)]


def test_a_further_part_to_come_is_no_charge() -> None:
    found = run([pay(95, "INV001"), pay(5, "INV001", entry=2)], [owed("INV001", 100)], charges=5)

    assert told(found) == [("INV001", 95, 0), ("INV001", 5, 0)]


def test_amount_and_name_without_reference_suffice_if_nothing_else_fits() -> None:
    found = run([pay(100)], [owed("INV001", 100), owed("INV002", 90)])

    assert told(found) == [("INV001", 100, 0)]
    assert found.matches[0].differed == ("reference",)


@pytest.mark.parametrize(
    ("payments", "receivables"),
    [
        ([pay(100)], [owed("INV001", 100), owed("INV002", 100)]),
        ([pay(100), pay(100, entry=2)], [owed("INV001", 100)]),
        ([pay(100, name="Other")], [owed("INV001", 100)]),
        ([pay(100, name=None)], [owed("INV001", 100)]),
        ([pay(50)], [owed("INV001", 100)]),
        ([pay(50, "INV001", name="Other")], [owed("INV001", 100)]),
        ([pay(100, "INV001", currency="EUR")], [owed("INV001", 100)]),
        ([pay(100, "INV001", status="PDNG")], [owed("INV001", 100)]),
        (
            [pay(100, "INV001"), pay(100, way=Direction.DEBIT, reversal=True, entry=2)],
            [owed("INV001", 100)],
        ),
    ],
)
def test_doubtful_ones_are_left_for_a_person(
    payments: list[Payment], receivables: list[Receivable]
) -> None:
    found = run(payments, receivables)

    assert not found.matches
    assert len(found.doubtful) == len(payments)


def test_what_fits_nothing_is_unknown_and_what_goes_out_pays_nothing() -> None:
    stranger, out = pay(7, name="Other"), pay(100, "INV001", way=Direction.DEBIT, entry=2)
    found = run([stranger, out], [owed("INV001", 100)])

    assert (found.matches, found.doubtful, found.unknown) == ((), (), (stranger,))


IDS = ["INV001", "INV002", "INV003"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 300), st.lists(st.sampled_from(IDS), max_size=3).map(" ".join),
            st.sampled_from(["Acme Co Ltd", "Other", None]), st.booleans(), st.booleans(),
        ),
        max_size=8,
    ),
    st.lists(st.integers(0, 300), min_size=3, max_size=3),
    st.lists(st.sampled_from(IDS), min_size=3, max_size=3),
    st.integers(0, 50),
)  # fmt: skip
def test_nothing_is_given_out_twice(
    parts: list[tuple[int, str, str | None, bool, bool]], open_: list[int], refs: list[str],
    charges: int,
) -> None:  # fmt: skip
    payments = [
        pay(
            minor, text, name=name, entry=number, reversal=back,
            way=Direction.DEBIT if out else Direction.CREDIT,
        )
        for number, (minor, text, name, out, back) in enumerate(parts, 1)
    ]  # fmt: skip
    receivables = [owed(id, one, ref) for id, one, ref in zip(IDS, open_, refs, strict=True)]
    found = run(payments, receivables, charges)
    spent: Counter[Payment] = Counter()
    settled: Counter[str] = Counter()
    for one in found.matches:
        assert one.amount.minor > 0
        assert 0 <= one.charge.minor <= charges
        assert one.payment.direction is Direction.CREDIT
        spent[one.payment] += one.amount.minor
        settled[one.receivable.id] += one.amount.minor + one.charge.minor

    assert all(minor <= one.amount.minor for one, minor in spent.items())
    assert all(settled[one.id] <= one.open.minor for one in receivables)
    doubts = Counter(one.payment for one in found.doubtful)
    assert all(count == 1 for count in doubts.values())
    for doubt in found.doubtful:
        assert spent[doubt.payment] + doubt.left.minor == doubt.payment.amount.minor
    # No incoming payment is lost: it is spent, doubtful or unknown.
    for payment in payments:
        if payment.direction is Direction.CREDIT and not payment.is_reversal:
            known = spent[payment] == payment.amount.minor > 0
            assert known or payment in doubts or payment in found.unknown
