"""A scheme is read whole or refused by file, block and key; its terms count from their day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from tradeloop.kit.money import Money
from tradeloop.kit.terms import Dated, NoTermsYet, TermsContradictory, digest, in_force
from tradeloop.schemes.cases import read_cases
from tradeloop.schemes.load import SchemeUnknown, every, find, load, overridden, versions
from tradeloop.schemes.read import SchemeFileInvalid


class Basis(StrEnum):
    """A switch."""

    LOSS = "loss"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Dated):
    """A step's own terms."""

    limit: Money
    most: Money | None
    share_bp: int
    insured_share_bp: int
    wait_days: int
    basis: Basis
    modes: tuple[str, ...]
    open: bool

    def __post_init__(self) -> None:
        """Refuse a figure."""
        if self.wait_days == 13:
            raise TermsContradictory("wait_days is 13. Nobody waits 13 days.")


HEAD = 'name = "Small"\nsummary = "A scheme of a test."\n'
BLOCK = """
[[cover.terms]]
from_date = 2024-01-01
source = "A test"
limit = "1,000.50 USD"
most = "none"
share_bp = 20_000
insured_share_bp = 10_000
wait_days = 0
basis = "loss"
modes = ["1039", "9710"]
open = true
"""


def folder(tmp_path: Path, *blocks: str, head: str = HEAD) -> Path:
    path = tmp_path / "insurance" / "small"
    path.mkdir(parents=True)
    (path / "scheme.toml").write_text(head + "".join(blocks), encoding="utf-8")
    return tmp_path


def read(root: Path, on: date = date(2024, 6, 1)) -> Terms:
    return load("small", "cover", into=Terms, on=on, folder=root)


def test_terms_come_in_the_class_that_the_caller_brings(tmp_path: Path) -> None:
    found = read(folder(tmp_path, BLOCK))

    assert found == Terms(
        scheme="small", from_date=date(2024, 1, 1), source="A test", limit=Money(100_050, "USD"),
        most=None, share_bp=20_000, insured_share_bp=10_000, wait_days=0, basis=Basis.LOSS,
        modes=("1039", "9710"), open=True,
    )  # fmt: skip


def test_each_version_counts_from_its_day_until_the_next(tmp_path: Path) -> None:
    root = folder(tmp_path, BLOCK.replace("2024-01-01", "2025-01-01").replace("= 0", "= 7"), BLOCK)

    assert [read(root, date(2024, 12, 31)).wait_days, read(root, date(2025, 1, 1)).wait_days] == [
        0, 7
    ]  # fmt: skip
    with pytest.raises(NoTermsYet, match="the first are of 2024-01-01"):
        read(root, date(2023, 12, 31))


@pytest.mark.parametrize(
    ("seen", "instead", "because"),
    [
        ("wait_days = 0", "wait_dys = 0", r"unknown: wait_dys; missing: wait_days"),
        ("wait_days = 0", "", r"missing: wait_days. Its keys are: from_date, source, limit"),
        ("wait_days = 0", "wait_days = true", r"wait_days is True. Write a whole number"),
        ("wait_days = 0", "wait_days = 1.5", r"Write a whole number"),
        ("wait_days = 0", "wait_days = -1", r"zero or more"),
        ("wait_days = 0", "wait_days = 36_501", r"Write at most 36500"),
        ("2024-01-01", "0204-01-01", r"Write a day from 1900 to 2199"),
        ("wait_days = 0", "wait_days = 13", r"Nobody waits 13 days"),
        ("= 10_000", "= 10_001", r"insured_share_bp is 10001. Write at most 10000"),
        ("= 10_000", "= -1", r"insured_share_bp is -1. Write zero or more"),
        ("1,000.50 USD", "1,000.505 USD", r"USD has 2 digits"),
        ("1,000.50 USD", "1000.50", r"Write an amount and its ISO currency"),
        ("1,000.50 USD", "1.000,50 USD", r"Write an amount and its ISO currency"),
        ("1,000.50 USD", "-1 USD", r"Write an amount and its ISO currency"),
        ("1,000.50 USD", "1 XXZ", r"Write an amount and its ISO currency"),
        ('"1,000.50 USD"', "100050", r"Write an amount and its ISO currency"),
        ('"1,000.50 USD"', '"none"', r"Write an amount and its ISO currency"),
        ('"loss"', '"lost"', r"Choose one of: loss, payout"),
        ('["1039", "9710"]', '"1039"', r"Write a list"),
        ('["1039", "9710"]', '["1039", 9710]', r"modes \[1\] is 9710. Write a text"),
        ("open = true", 'open = "yes"', r"Write true or false"),
        ("2024-01-01", '"2024-01-01"', r"from_date is '2024-01-01'. Write a date without quotes"),
        ("2024-01-01", "2024-01-01T00:00:00", r"Write a date without quotes"),
        ('"A test"', '" "', r"source is empty"),
        ('source = "A test"', 'source = "A test"\nscheme = "x"', r"unknown: scheme"),
        ("wait_days = 0", "wait_days = 0\nwait_days = 1", r"no TOML"),
    ],
)
def test_whatever_is_wrong_is_told_by_file_block_and_key(
    tmp_path: Path, seen: str, instead: str, because: str
) -> None:
    assert seen in BLOCK
    root = folder(tmp_path, BLOCK.replace(seen, instead))

    with pytest.raises(SchemeFileInvalid, match=because) as refused:
        read(root)

    assert str(tmp_path / "insurance" / "small" / "scheme.toml") in str(refused.value)


@pytest.mark.parametrize(
    ("head", "block", "because"),
    [
        ('name = "Small"\n', BLOCK, "missing: summary"),
        (HEAD + "rate = 5\n", BLOCK, "unknown: rate"),
        (HEAD, BLOCK + "\n[cover.more]\n", "unknown: more"),
        (HEAD, "[cover]\nterms = 5\n", "no block of terms"),
        (HEAD, "[cover]\nterms = [5]\n", "Write a table of keys"),
        (HEAD, BLOCK + BLOCK, "stands twice"),
        (HEAD, BLOCK.replace("cover", "cove"), "no section cover; it has cove"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, head: str, block: str, because: str
) -> None:
    with pytest.raises(SchemeFileInvalid, match=because):
        read(folder(tmp_path, block, head=head))


def test_an_unknown_scheme_is_refused_with_those_there_are(tmp_path: Path) -> None:
    root = folder(tmp_path, BLOCK)

    with pytest.raises(SchemeUnknown, match=r"There are: yiwu-market-procurement.*, small"):
        find("large", folder=root)
    with pytest.raises(SchemeUnknown, match="is no folder"):
        find("small", folder=tmp_path / "nowhere")


def test_two_folders_of_one_code_are_refused(tmp_path: Path) -> None:
    root = folder(tmp_path, BLOCK)
    (tmp_path / "finance" / "small").mkdir(parents=True)
    (tmp_path / "finance" / "small" / "scheme.toml").write_text(HEAD + BLOCK, encoding="utf-8")

    with pytest.raises(SchemeUnknown, match="Two folders"):
        read(root)


def test_ones_own_schemes_stand_beside_those_that_come_with_us(tmp_path: Path) -> None:
    codes = [one.code for one in every(folder=folder(tmp_path, BLOCK))]

    assert "yiwu-market-procurement" in codes
    assert codes[-1] == "small"


def test_the_digest_tells_every_change_of_the_terms_used(tmp_path: Path) -> None:
    found = read(folder(tmp_path, BLOCK))

    changed = [
        replace(found, wait_days=1), replace(found, source="B"), replace(found, most=found.limit),
        replace(found, scheme="other"), replace(found, from_date=date(2024, 1, 2)),
    ]  # fmt: skip

    assert digest(found) == digest(replace(found))
    assert len({digest(one) for one in [found, *changed]}) == len(changed) + 1


def test_an_override_is_read_as_strictly_as_the_file(tmp_path: Path) -> None:
    found = read(folder(tmp_path, BLOCK))

    assert overridden(found, {"limit": "5.00 CNY"}, where="here").limit == Money(500, "CNY")
    for values, because in (
        ({"limt": "5.00 CNY"}, "here: unknown: limt"), ({"wait_days": "5"}, "whole number"),
        ({"from_date": date(2024, 1, 1)}, "unknown: from_date"), ({"wait_days": 13}, "Nobody"),
    ):  # fmt: skip
        with pytest.raises(SchemeFileInvalid, match=because):
            overridden(found, values, where="here")


def test_the_shipped_schemes_have_two_versions_and_say_where_each_figure_comes_from() -> None:
    scheme = find("yiwu-market-procurement")

    for section in scheme.sections:
        for block in scheme.sections[section]:
            assert isinstance(block, dict)
            assert len(block["source"]) > 40
        assert len(scheme.sections[section]) == 2


CASE = """
[[case]]
id = "1"
says = "One"
calls = "premium"
given = { on = 2024-01-01 }
expect = { premium = "1.00 USD" }
"""


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "missing: case"),
        ("case = 5", "no list of blocks"),
        (CASE + 'more = "x"', "unknown: more"),
        (CASE.replace('says = "One"', ""), "missing: says"),
        (CASE.replace('"premium"', '"premia"'), "Choose one of: premium, limit, cover"),
        (CASE.replace('{ premium = "1.00 USD" }', "{}"), "expects nothing"),
        (CASE.replace("{ on = 2024-01-01 }", "5"), "given is 5. Write a table"),
        (CASE + CASE, "case 1 stands twice"),
    ],
)
def test_a_file_of_examples_is_read_as_strictly(tmp_path: Path, text: str, because: str) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SchemeFileInvalid, match=because):
        read_cases(file)


def test_without_any_terms_there_are_none_in_force() -> None:
    with pytest.raises(NoTermsYet, match="there are none"):
        in_force((), date(2024, 1, 1))


def test_versions_come_in_the_order_of_their_days(tmp_path: Path) -> None:
    root = folder(tmp_path, BLOCK.replace("2024-01-01", "2025-01-01"), BLOCK)

    found = versions(find("small", folder=root), "cover", into=Terms)

    assert [one.from_date.year for one in found] == [2024, 2025]
