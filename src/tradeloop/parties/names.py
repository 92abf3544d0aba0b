"""A name becomes comparable words: one alphabet, no case, no accents, its legal form apart."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

from tradeloop.parties.facts import Name

NAME_LENGTH_MAX = 500
CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
"""Single letters with dots between them: A.B.C., L.L.C."""
SHORTENED = re.compile(r"(?<![^\W_])(g)\.?m\.?b\.?(h)(?![^\W_])\.?")
APOSTROPHES = re.compile("['`’‘ʼʻʹ′´]")
WORD = re.compile(r"[^\W_]+")
LATIN_WORD = re.compile("[a-z0-9]+")
WEIGHTS: Mapping[str, float] = {"light": 0.2, "common": 0.4}
LETTER_WEIGHT = 0.3


@lru_cache(maxsize=4096)
def name_of(text: str) -> Name:
    """Return the name that a text holds; what is beyond 500 letters does not count.

    A text without a letter or digit gives a name without words, which is like no other.
    """
    folded = unicodedata.normalize("NFKC", text[:NAME_LENGTH_MAX]).casefold()
    folded = APOSTROPHES.sub("", SHORTENED.sub("gmbh ", folded)).replace("&", " and ")
    folded = DOTTED.sub(lambda found: found.group().replace(".", "") + " ", folded)
    folded, forms = _without_cjk_forms(folded) if not folded.isascii() else (folded, set[str]())
    latin = folded if folded.isascii() else APOSTROPHES.sub("", anyascii(folded)).lower()
    kept, more = _without_forms(LATIN_WORD.findall(latin))
    heard = tuple(_spoken(kept))
    native = tuple(WORD.findall(folded)) if CJK.search(folded) else None
    return Name(text=text, tokens=heard, native=native, forms=frozenset(forms | more))


def weight_of(token: str) -> float:
    """Return how much a word says of who bears it, from 0 to 1, before any list is known."""
    if len(token) == 1 and not token.isdigit():
        return LETTER_WEIGHT
    return WEIGHTS.get(_kinds().get(token, ""), 1.0)


def _spoken(tokens: Sequence[str]) -> list[str]:
    spellings, kinds = _spellings(), _kinds()
    heard = [spellings.get(t, t) for t in tokens if kinds.get(t) != "silent"]
    return heard or list(tokens)


def _without_cjk_forms(text: str) -> tuple[str, set[str]]:
    forms: set[str] = set()
    for spelling, form in _cjk_forms():
        bare = text.strip()
        rest = bare.removesuffix(spelling).removeprefix(spelling)
        if rest != bare and rest.strip():  # a name is never all form
            text = rest
            forms.add(form)
    return text, forms


def _without_forms(tokens: Sequence[str]) -> tuple[list[str], set[str]]:
    """Take legal forms off both ends, the longest first; a name is never all form."""
    kept, forms, table = list(tokens), set[str](), _latin_forms()
    found = True
    while found and kept:
        found = False
        if kept[0] not in _form_ends() and kept[-1] not in _form_ends():
            break
        for length in range(min(6, len(kept) - 1), 0, -1):
            for part, rest in (
                (kept[-length:], kept[:-length]),
                (kept[:length], kept[length:]),
            ):
                form = table.get(tuple(part))
                if form is not None:
                    kept, found = rest, True
                    forms.add(form)
                    break
            if found:
                break
    return kept, forms - {"company"}  # it says nothing: a company of any form is one


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    text = files("tradeloop.parties").joinpath("legal_forms.csv").read_text(encoding="utf-8")
    return tuple(
        (spelling, row["form"])
        for row in csv.DictReader(text.splitlines())
        for spelling in row["spellings"].split("|")
    )


@cache
def _cjk_forms() -> tuple[tuple[str, str], ...]:
    """Return the forms that are written without a space, the longest first."""
    found = [(spelling, form) for spelling, form in _forms() if CJK.search(spelling)]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


@cache
def _latin_forms() -> Mapping[tuple[str, ...], str]:
    return {
        tuple(LATIN_WORD.findall(APOSTROPHES.sub("", spelling))): form
        for spelling, form in _forms()
        if not CJK.search(spelling)
    }


@cache
def _form_ends() -> frozenset[str]:
    """Return the words with which a legal form may begin or end."""
    return frozenset(word for form in _latin_forms() for word in (form[0], form[-1]))


@cache
def _words() -> tuple[Mapping[str, str], ...]:
    text = files("tradeloop.parties").joinpath("words.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _spellings() -> Mapping[str, str]:
    return {row["word"]: row["meaning"] for row in _words() if row["kind"] == "spelling"}


@cache
def _kinds() -> Mapping[str, str]:
    return {row["word"]: row["kind"] for row in _words() if row["kind"] != "spelling"}
