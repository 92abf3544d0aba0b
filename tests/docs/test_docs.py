"""The documents say what is: trees, generated pages and every command of the tutorial."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tradeloop.claims.lifecycle import CLAIM
from tradeloop.cli.reference import findings_csv, refusals_csv
from tradeloop.registry.lifecycle import HOLD
from tradeloop.store.lasting import lasting_server

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tradeloop"
# What the SQL of the registry says beside refusals: states, events, outcomes, names of members.
WORDS_OF_SQL = """
held committed spent released refused commit spend release expire hand-over adjust fold
opened adjusted unchanged thawed folded number amount parties
at because into lines paper parts refusal state to
capacity expires holder id null purpose unit
"""
TUTORIALS = sorted((ROOT / "docs" / "tutorial").glob("*.md"))


def tree_on_disk() -> set[str]:
    files = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if path.name not in {"__init__.py", "__main__.py"} and path.parent.name != "migrations"
    }
    folders = {
        f"{path.parent.relative_to(SOURCE).as_posix()}/"
        for path in SOURCE.rglob("__init__.py")
        if path.parent != SOURCE and path.parent.name != "migrations"
    }
    return files | folders


def first_line(name: str) -> str:
    path = SOURCE / name
    path = path / "__init__.py" if path.is_dir() else path
    text = path.read_text(encoding="utf-8").lstrip().removeprefix('"""')
    return text.partition('"""')[0].partition("\n")[0].rstrip(".")


def test_the_architecture_has_the_tree_of_the_source() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tree = text.partition("## The tree")[2].partition("```text\n")[2].partition("```")[0]
    rows = dict(re.split(r"\s+", line, maxsplit=1) for line in tree.strip().splitlines())

    assert set(rows) == tree_on_disk()
    assert {name: first_line(name) for name in rows} == rows


def test_the_findings_reference_is_what_the_checks_say() -> None:
    written = (ROOT / "docs" / "reference" / "findings.csv").read_text(encoding="utf-8")

    assert written == findings_csv(), "run make docs"


def test_the_refusals_reference_is_what_the_registry_says() -> None:
    written = (ROOT / "docs" / "reference" / "refusals.csv").read_text(encoding="utf-8")

    assert written == refusals_csv(), "run make docs"


def test_every_refusal_of_the_database_is_explained_and_no_other() -> None:
    codes = {row["code"] for row in csv.DictReader(refusals_csv().splitlines())}
    sql = "".join(path.read_text("utf-8") for path in (SOURCE / "registry/functions").glob("*.sql"))
    words = set(re.findall(r"""['"]([a-z]+(?:-[a-z]+)*)['"]""", sql))

    assert codes <= words, "explained, but never given"
    assert words - codes == set(WORDS_OF_SQL.split()), "explain it in registry/refusals.csv"


def test_the_moves_of_a_hold_are_drawn_as_they_are() -> None:
    page = (ROOT / "docs" / "explanation" / "registry.md").read_text(encoding="utf-8")

    assert re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL) == [HOLD.to_mermaid()]


def test_the_moves_of_a_claim_are_drawn_as_they_are() -> None:
    page = (ROOT / "docs" / "explanation" / "claims.md").read_text(encoding="utf-8")

    assert re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL) == [CLAIM.to_mermaid()]


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/explanation/*.md")), ids=lambda p: p.stem)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    files = {path.name for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")}

    for name in re.findall(r"`(test_\w+)`", page.read_text("utf-8")):
        assert f"def {name}(" in tests, name
    for name in re.findall(r"`(?:bench/)?(\w+\.py)`", page.read_text("utf-8")):
        assert name in files or list(SOURCE.rglob(name)), name


def commands(tutorial: Path) -> list[tuple[str, list[str]]]:
    """Return each command of a tutorial with the output lines that it shows."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", tutorial.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_every_command_of_a_tutorial_runs_and_prints_what_it_shows(
    tutorial: Path, tmp_path: Path
) -> None:
    home, needs_home = tmp_path / "home", "tradeloop registry" in tutorial.read_text("utf-8")
    assert commands(tutorial)
    # Its database is kept running from command to command: starting it is tested elsewhere.
    with lasting_server(home / "postgres") if needs_home else nullcontext():
        for command, shown in commands(tutorial):
            words = shlex.split(command, comments=True)
            assert words[0] == "tradeloop"
            done = subprocess.run(
                [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True,
                check=False, env={**os.environ, "TRADELOOP_HOME": str(home)},
            )  # fmt: skip
            told = re.search(r"# exit code (\d)", command)
            assert done.returncode == int(told[1] if told else 0), f"{command}\n{done.stderr}"
            for line in shown:
                assert line in done.stdout.splitlines(), command


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
