"""The documents say what is: trees, generated pages and every command of the tutorial."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tradeloop.cli.reference import findings_csv

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tradeloop"
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
    assert commands(tutorial)
    for command, shown in commands(tutorial):
        words = shlex.split(command)
        assert words[0] == "tradeloop"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        for line in shown:
            assert line in done.stdout.splitlines(), command


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
