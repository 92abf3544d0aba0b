"""`tradeloop schemes` lists, shows, checks and copies; what differs is shown with both figures."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tradeloop.cli.main import app
from tradeloop.cli.schemes.calls import CALLS
from tradeloop.schemes.cases import Call, read_cases
from tradeloop.schemes.load import find

YIWU = "yiwu-market-procurement"
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemes.md"

CASE = """
[[case]]
id = "mine"
says = "Mine"
calls = "indemnity"
given = { on = 2024-06-01, unpaid = "200,000.00 USD" }
expect = { pay = "67,500.00 USD" }
"""


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["schemes", *words])
    return done.exit_code, done.stdout, done.stderr


def cases(tmp_path: Path, text: str) -> str:
    file = tmp_path / "cases.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_every_worked_example_of_the_shipped_schemes_comes_out() -> None:
    code, out, _ = run("check", "--json")

    said = json.loads(out)
    assert code == 0
    assert (said["cases"], said["failed"]) == (80, 0)
    assert {one["calls"] for one in said["results"]} == set(Call)


def test_the_published_figures_are_all_among_the_examples() -> None:
    ids = {one.id for one in read_cases(find(YIWU).folder / "cases.toml")}
    about = {f"2-{letter}" for letter in "ABCDEFGH"} | {"3-G", "3-H"}
    # 9-23 is about an insurer's net assets, which no switch of a scheme knows.
    about |= {f"9-{n}" for n in range(1, 25) if n != 23}

    assert {one for one in about if not any(id_.startswith(one) for id_ in ids)} == set()


def test_an_example_that_differs_is_shown_with_both_figures_and_ends_with_one(
    tmp_path: Path,
) -> None:
    file = cases(tmp_path, CASE.replace("67,500.00", "67,500.01"))

    code, out, _ = run("check", YIWU, "--cases", file)

    assert code == 1
    assert "mine: Mine" in out
    assert "pay: expected 67,500.01 USD, got 67,500.00 USD" in out
    assert "insured-share: -82,500.00 USD" in out


@pytest.mark.parametrize(
    ("seen", "instead", "because"),
    [
        ("pay =", "payed =", "unknown: payed. It may say: pay, used"),
        ("unpaid =", "unpayed =", "unknown: unpayed"),
        ("on = 2024-06-01, ", "", "missing: on"),
        ("on = 2024-06-01", "on = 2019-06-01", "No terms are in force on 2019-06-01"),
        ("expect =", "terms = { limit = 5 }\nexpect =", "unknown: limit"),
        ('"67,500.00 USD"', '"67,500.001 USD"', "2 digits after the point"),
        ('"67,500.00 USD"', "67_500", "Write it like what came out: 67,500.00 USD"),
        (', unpaid = "200,000.00 USD"', "", "missing unpaid"),
        ('"200,000.00 USD"', '"200,000.00 CNY"', "different currencies"),
    ],
)
def test_an_example_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, seen: str, instead: str, because: str
) -> None:
    assert seen in CASE
    file = cases(tmp_path, CASE.replace(seen, instead))

    code, out, err = run("check", YIWU, "--cases", file)

    assert (code, out) == (2, "")
    assert because in err
    assert file in err


def test_the_terms_of_a_day_are_shown_with_source_and_digest() -> None:
    shares = {}
    for day in ("2020-06-01", "2024-06-01"):
        code, out, _ = run("show", YIWU, "--on", day, "--json")
        assert code == 0
        cover = json.loads(out)["sections"]["cover"]
        assert len(cover["digest"]) == 64
        shares[day] = (cover["terms"]["insured_share_bp"], cover["terms"]["buyer_limit"]["minor"])

    assert shares == {"2020-06-01": (3_000, "8000000"), "2024-06-01": (4_500, "15000000")}
    assert "Source: First version, 2020" in run("show", YIWU, "--on", "2020-06-01")[1]


def test_a_day_before_the_first_version_and_an_unknown_scheme_are_refused() -> None:
    assert run("show", YIWU, "--on", "2019-12-31")[0] == 2
    code, _, err = run("show", "nothing")
    assert (code, "There are: yiwu-market-procurement" in err) == (2, True)


def test_the_list_names_code_and_days() -> None:
    code, out, _ = run("list", "--json")

    (yiwu,) = (one for one in json.loads(out)["schemes"] if one["code"] == YIWU)
    assert code == 0
    assert yiwu["versions"] == ["2020-01-01", "2023-01-01"]


def test_a_new_scheme_is_a_copy_that_checks_at_once(tmp_path: Path) -> None:
    own = tmp_path / "own"

    code, out, _ = run("new", "ours", "--from", YIWU, "--into", str(own))

    assert code == 0
    assert f"tradeloop schemes check ours --folder {own}" in out
    assert run("check", "ours", "--folder", str(own))[0] == 0
    assert sorted(path.name for path in (own / "insurance" / "ours").iterdir()) == [
        "README.md", "cases.toml", "forms", "scheme.toml"
    ]  # fmt: skip


def test_a_code_that_is_taken_or_malformed_changes_nothing(tmp_path: Path) -> None:
    own = tmp_path / "own"
    for name in (YIWU, "Ours", "a/b", ""):
        code, _, err = run("new", name, "--from", YIWU, "--into", str(own))
        assert (code, err.count("\n")) == (2, 1)
    assert not own.exists()


def test_a_scheme_with_a_section_that_no_step_reads_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own"
    run("new", "ours", "--from", YIWU, "--into", str(own))
    file = own / "insurance" / "ours" / "scheme.toml"
    file.write_text(file.read_text("utf-8").replace("[[claims.terms]]", "[[claim.terms]]"), "utf-8")

    code, _, err = run("check", "ours", "--folder", str(own))

    assert code == 2
    assert "sections unknown: claim, missing: claims" in err


def test_the_reference_names_every_call_and_all_that_it_is_given_and_answers() -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    results = json.loads(run("check", "--json")[1])["results"]

    for call, (kind, _, _) in CALLS.items():
        part = page.partition(f"### {call}\n")[2].partition("\n### ")[0]
        keys = {one.name for one in fields(kind)}
        keys |= {key for one in results if one["calls"] == call for key in one["answer"]}
        assert {key for key in keys if f"`{key}`" not in part} == set(), call
