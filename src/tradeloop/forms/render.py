"""A template and its data become a PDF: no network, no clock, the same bytes for the same data."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from tradeloop.forms import fonts
from tradeloop.forms.fonts import FontMissing

COMPONENTS = Path(__file__).parent / "components"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a is kept for decades and read aloud by machines; PDF/UA is what the blind are owed."""

PACKAGE = re.compile(r"""["']@""")
NO_GLYPH = re.compile(r"the text (.+) could not be displayed with")
JOINERS = "\u200c\u200d"  # without them some names of Persia and India are other names


class TemplateUnfit(ValueError):
    """The template cannot be made into a paper with this data."""


def render(template: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the paper as PDF/A-2a.

    Args:
        template: A Typst file. It finds the shared components at `/components`, the data by
            `json(bytes(sys.inputs.data))`, and the font by `sys.inputs.font`.
        data: Whatever JSON can say. It is handed over as data and never becomes Typst's own words.
        made_at: Aware; the date in the document. No clock is asked.

    Raises:
        FontMissing: The system has no font for Chinese, or none for a letter in the data.
        TemplateUnfit: The file is not there, asks for a package of the network, or fails.
    """
    try:
        text = template.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateUnfit(f"{template}: {error.strerror}. Name a file that is there.") from None
    if PACKAGE.search(text):
        raise TemplateUnfit(
            f"{template} asks for a package of the network. Papers are made offline: put what it "
            "needs into the template."
        )
    given = {"data": json.dumps(visible(data), ensure_ascii=False), "font": fonts.chosen()}
    # A folder of its own: a template sees itself and the components, and no other file.
    with tempfile.TemporaryDirectory(prefix="tradeloop-paper-") as name:
        folder = Path(name)
        shutil.copytree(COMPONENTS, folder / "components")
        (folder / "paper.typ").write_text(text, encoding="utf-8")
        try:
            return typst.compile(
                folder / "paper.typ", root=folder, font_paths=fonts.installed(), sys_inputs=given,
                pdf_standards=STANDARDS, timestamp=int(made_at.timestamp()), package_path=folder,
                package_cache_path=folder,
            )  # fmt: skip
        except typst.TypstError as error:
            raise _unfit(template, error) from None


def visible(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return the same with every letter one that can be seen.

    A name may hold what turns the direction of the text after it, or halves of letters: the reader
    sees that it is there, and it does nothing.
    """
    if isinstance(value, str):
        return "".join(map(_seen, value))
    if isinstance(value, Mapping):
        return {key: visible(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [visible(one) for one in value]
    return value


def _seen(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    # Controls, formats, halves of a pair, letters of private use, and those that are none yet.
    if unicodedata.category(letter).startswith("C") and letter not in JOINERS:
        return f"[U+{ord(letter):04X}]"
    return letter


def _unfit(template: Path, error: typst.TypstError) -> FontMissing | TemplateUnfit:
    if letters := NO_GLYPH.search(error.message):
        return FontMissing(
            f"No font here can show {letters[1]}, and a paper must not show boxes. On Debian: "
            "sudo apt-get install fonts-noto-core fonts-noto-cjk-extra."
        )
    hints = "".join(f" {hint}." for hint in error.hints)
    return TemplateUnfit(
        f"{template}: {error.message}.{hints} Mend the template; tradeloop's own are examples."
    )
